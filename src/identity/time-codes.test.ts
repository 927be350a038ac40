import { describe, expect, it, test } from 'vitest';
import { newRecoveryCodes, newTotpSecret, otpauthUrl, recoveryDigest, stepOfCode } from './time-codes.ts';

/** RFC 6238, appendix B: the SHA-1 secret "12345678901234567890" in base32; the last six of its eight digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codes of the authenticator', () => {
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('RFC 6238 appendix B at %d s', (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  test.each([
    ['its own step', 0, 0],
    ['the step before', 30_000, 0],
    ['the step after', -30_000, 0],
    ['two steps before', 60_000, null],
    ['two steps after', -60_000, null],
  ])('a code in %s', (_where, lateMs, offset) => {
    const at = 1_111_111_109_000;
    const step = stepOfCode(RFC_SECRET, '081804', at + lateMs);
    expect(step).toBe(offset === null ? null : Math.floor(at / 30_000));
  });

  test.each(['', '08180', '0818044', 'abcdef', '０８１８０４', '08 18 0x'])('%j is no code', (code) => {
    expect(stepOfCode(RFC_SECRET, code, 1_111_111_109_000)).toBeNull();
  });

  it('may be typed with a space, as phones show it', () => {
    expect(stepOfCode(RFC_SECRET, '081 804', 1_111_111_109_000)).not.toBeNull();
  });

  it('the address for the QR code names the product and the account', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(otpauthUrl(secret, 'alice')).toBe(
      `otpauth://totp/Ringfence:alice?issuer=Ringfence&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
  });
});

describe('recovery codes', () => {
  it('are ten different ones of 80 bits', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  });

  it('may be typed in capitals, with spaces, without dashes', () => {
    expect(recoveryDigest('ABCD efgh ijkl2345')).toEqual(recoveryDigest('abcd-efgh-ijkl-2345'));
    expect(recoveryDigest('abcd-efgh-ijkl-2346')).not.toEqual(recoveryDigest('abcd-efgh-ijkl-2345'));
  });
});
