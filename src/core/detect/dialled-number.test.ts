/** Which numbers lead abroad, and which numbers are one. */
import { describe, expect, test } from 'vitest';
import { policyOf } from '../../../spec/detect/policies.ts';
import { DialledNumber } from './dialled-number.ts';

function read(user: string, settings = ''): DialledNumber | null {
  const policy = policyOf(`detect: { toll-fraud: { ${settings} } }`).detect['toll-fraud'];
  const number = new DialledNumber(policy, 7);
  return number.read(Buffer.from(user), 0, Buffer.byteLength(user)) ? number : null;
}

describe('abroad, or costly', () => {
  test.each([
    '+972595551234',
    '%2B972595551234',
    '+972-59-555.1234',
    '00972595551234',
    '000972595551234',
    '011972595551234',
    '0011972595551234',
    '810972595551234',
    '900972595551234',
    '9011972595551234',
    '9+972595551234',
    '*00972595551234',
    // Behind a feature code, the prefix that a carrier gave to a customer, or a letter; escaped.
    '*67*00972595551234',
    '7777#00972595551234',
    '7777%2300972595551234',
    'a00972595551234',
    '%30%30972595551234',
    '00972595551234;phone-context=example.com',
    // A small country: seven digits behind the plus sign.
    '+2904321',
    '0900123456',
    '90900123456',
    '19005550100',
  ])('%s', (user) => expect(read(user)!.costly).toBe(true));
});

describe('at home', () => {
  test.each([
    // Leeds, Michigan, a freephone number, a long extension.
    '01134960000',
    '8105550100',
    '18105550100',
    '08000000000',
    '2079460123',
    '1234567',
  ])('%s', (user) => expect(read(user)!.costly).toBe(false));

  test.each(['+442079460123', '00442079460123', '900442079460123'])('%s, with the own country code', (user) =>
    expect(read(user, 'home: "+44"')!.costly).toBe(false),
  );
});

describe('no number', () => {
  test.each(['1001', '112', '*98', 'alice', '1234567x', 'conference-00972595551234', '', ';00972595551234'])(
    '%j',
    (user) => expect(read(user)).toBeNull(),
  );
});

test('one number has one tail, however it is dialled', () => {
  const forms = [
    '00972595551234',
    '+972595551234',
    '9011972595551234',
    '7770595551234',
    '%2B972 595551234'.replace(' ', ''),
  ];
  expect(new Set(forms.map((form) => read(form)!.tail)).size).toBe(1);
  expect(new Set(forms.slice(0, 4).map((form) => read(form)!.whole)).size).toBe(4);
  expect(read('00972595551235')!.tail).not.toBe(read('00972595551234')!.tail);
});

test('a number longer than any is read to its 32nd digit', () => {
  expect(read('0'.repeat(5_000))).not.toBeNull();
});
