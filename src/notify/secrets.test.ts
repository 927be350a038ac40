import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secrets, SECRETS_FILE, SECRETS_MAX } from './secrets.ts';

let dir: string;
let secrets: Secrets;
const office = { name: 'office', destination: 'mail.example.org:587' };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ringfence-secrets-'));
  secrets = new Secrets(dir);
});
afterEach(() => rmSync(dir, { recursive: true }));

test('set, replaced, removed; the file is its owner’s alone, whatever the umask', () => {
  const before = process.umask(0);
  try {
    expect(secrets.of(office)).toBe(null);
    secrets.set(office, 'one');
    secrets.set(office, 'two "quoted" \\ ü');
  } finally {
    process.umask(before);
  }
  expect(new Secrets(dir).of(office)).toBe('two "quoted" \\ ü');
  expect(statSync(join(dir, SECRETS_FILE)).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual([SECRETS_FILE]);
  expect([secrets.set(office, null), secrets.set(office, null), secrets.state(office)]).toEqual([true, false, 'none']);
});

test('for the server that it was set for, and no other', () => {
  secrets.set(office, 'one');
  const moved = { ...office, destination: 'evil.example:587' };
  expect([secrets.of(moved), secrets.state(moved), secrets.state(office)]).toEqual([null, 'other-destination', 'set']);
});

test('names that every object has are names like others', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const place = { ...office, name };
    expect([name, secrets.of(place)]).toEqual([name, null]);
    secrets.set(place, 'one');
    expect([name, secrets.of(place)]).toEqual([name, 'one']);
  }
});

test('a file that somebody broke is no secret, and the next one that is set repairs it', () => {
  for (const text of ['', '{', '[]', 'null', '{"office":"plain"}', '{"office":{"destination":1,"secret":"x"}}']) {
    writeFileSync(join(dir, SECRETS_FILE), text);
    expect([text, secrets.of(office)]).toEqual([text, null]);
  }
  secrets.set(office, 'one');
  expect(secrets.of(office)).toBe('one');
});

test('a bound, and the old ones stay', () => {
  for (let i = 0; i < SECRETS_MAX; i++) secrets.set({ ...office, name: `c${i}` }, 'x');
  expect(() => secrets.set(office, 'one')).toThrow('at most');
  expect(Object.keys(JSON.parse(readFileSync(join(dir, SECRETS_FILE), 'utf8')) as object)).toHaveLength(SECRETS_MAX);
});

test('what was left of a write that a power cut ended is in nobody’s way', () => {
  writeFileSync(join(dir, `${SECRETS_FILE}.new`), 'half');
  chmodSync(join(dir, `${SECRETS_FILE}.new`), 0o644);
  secrets.set(office, 'one');
  expect(statSync(join(dir, SECRETS_FILE)).mode & 0o777).toBe(0o600);
});
