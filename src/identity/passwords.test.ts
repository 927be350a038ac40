import { describe, expect, it, test } from 'vitest';
import { PARAMETERS, PasswordHasher, WAITING_KNOWN_MAX, WAITING_MAX } from './password-hash.ts';
import { passwordProblem } from './password-rules.ts';

const QUICK = { memoryKb: 64, passes: 1, lanes: 1 };

describe('Argon2id', () => {
  it('keeps PHC strings with its parameters and a salt of their own', async () => {
    const hasher = new PasswordHasher();
    const [one, two] = await Promise.all([hasher.hash('tortoise piano 77'), hasher.hash('tortoise piano 77')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=32768,t=3,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.matches('tortoise piano 77', one)).toBe(true);
    expect(await hasher.matches('tortoise piano 78', one)).toBe(false);
  });

  it('agrees with the reference implementation (phc-winner-argon2, src/test.c)', async () => {
    const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await new PasswordHasher().matches('password', phc)).toBe(true);
  });

  it('takes a hash of earlier parameters and says that it is outdated', async () => {
    const old = await new PasswordHasher(QUICK).hash('tortoise piano 77');
    const hasher = new PasswordHasher();
    expect(await hasher.matches('tortoise piano 77', old)).toBe(true);
    expect(hasher.isOutdated(old)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('x'))).toBe(false);
  });

  it('composed and decomposed letters are the same password', async () => {
    const hasher = new PasswordHasher(QUICK);
    expect(await hasher.matches('cafe\u0301 und Baguette', await hasher.hash('caf\u00e9 und Baguette'))).toBe(true);
  });

  test.each([
    ['nothing', null],
    ['no PHC string', 'secret'],
    [
      'another function',
      '$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'more memory than there is',
      '$argon2id$v=19$m=9999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    ['no lane', '$argon2id$v=19$m=64,t=1,p=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['a short hash', '$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA'],
  ])('%s is matched by nothing, and nothing is thrown', async (_what, phc) => {
    expect(await new PasswordHasher(QUICK).matches('', phc)).toBe(false);
  });

  it('an unknown name takes the time of a known one', async () => {
    const hasher = new PasswordHasher();
    const known = await hasher.hash('tortoise piano 77');
    const time = async (phc: string | null) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        await hasher.matches('wrong password 1', phc);
        times.push(performance.now() - began);
      }
      return Math.min(...times);
    };
    const [withHash, without] = [await time(known), await time(null)];
    // A shortcut would take microseconds; the rest is what else the machine does.
    expect(without).toBeGreaterThan(withHash / 3);
    expect(withHash).toBeGreaterThan(PARAMETERS.passes);
  });

  it('a flood waits in a short queue, of which who is known has a few places', async () => {
    const hasher = new PasswordHasher(QUICK);
    const strangers = Array.from({ length: WAITING_MAX + 5 }, () =>
      hasher.matches('x', null).catch((error: Error) => error),
    );
    const known = hasher.matches('x', null, WAITING_KNOWN_MAX);
    const refused = (await Promise.all(strangers)).filter((answer) => answer instanceof Error);
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ outcome: 'too-many', code: 'sign-in-busy' });
    expect(await known).toBe(false);
    expect(await hasher.matches('x', null)).toBe(false);
  });
});

describe('password rules', () => {
  test.each([
    ['tortoise piano 77', null],
    ['correct horse battery stapler', null],
    ['Gießkanne-im-Sommer', null],
    ['密码密码密码密码是很长的', null],
    ['short', /at least 12/],
    ['elevenchars', /11 characters/],
    ['x'.repeat(1025), /longer than 1024/],
    ['aaaaaaaaaaaaaa', /one character/],
    ['123456789012', /neighbours/],
    ['abcdefghijklmn', /neighbours/],
    ['123456123456', /neighbours/],
    ['zyxwvutsrqponm', /neighbours/],
    ['password1234', /first that are tried/],
    ['P-a-s-s-w-o-r-d-2026', /first that are tried/],
    ['Ringfence1234', /first that are tried/],
    ['administrator', /first that are tried/],
    ['margarete2026', /made of the name/],
    ['MargareteMargarete', /made of the name/],
  ])('%s', (password, problem) => {
    const told = passwordProblem(password, 'Margarete');
    if (problem === null) expect(told).toBeNull();
    else expect(told).toMatch(problem);
  });

  test.each([
    ['a', 'bazaar aardvark 9', null],
    ['bob.smith', 'bobsmith12345', /made of the name/],
    ['bob.smith', 'Bob-Smith-Bob-Smith', /made of the name/],
    ['bob.smith', 'smith and bob ride 7', null],
  ])('of %s: %s', (name, password, problem) => {
    if (problem === null) expect(passwordProblem(password, name)).toBeNull();
    else expect(passwordProblem(password, name)).toMatch(problem);
  });

  it('a name as long as a password is none', () => {
    expect(passwordProblem('longaccountname', 'longaccountname')).toMatch(/made of the name/);
  });
});
