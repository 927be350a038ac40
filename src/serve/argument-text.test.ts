import { expect, test } from 'vitest';
import { run } from '../../spec/detect/run.ts';
import { trafficOf } from '../../spec/detect/scenario.ts';
import { udpFrames } from '../../spec/traffic/packets.ts';
import { argumentText } from './argument-text.ts';

const OFFICE = '0s registered-phones from 203.0.113.20:6000 count=3\n';

/** What people read of the first verdict. */
function told(traffic: string): string {
  const [verdict] = run(udpFrames(trafficOf(traffic))).verdicts;
  const { seen, shows, unless } = argumentText(verdict);
  return [verdict.action, seen, shows, unless].join('\n');
}

test('a phone with an old password', () => {
  expect(told('0s stuck-phone from 203.0.113.20:5062 user=1001 every=20s count=6')).toMatchInlineSnapshot(`
    "limit
    Counted 5, and 5 cross the line; known to come from there: 5.
    It comes from where it says: it used a nonce that was sent to its address and port. One user, again and again at a phone’s pace: the phone at 203.0.113.20:5062/udp has a wrong password.
    Other users, other passwords, a faster pace or more than 240 tries an hour would be guessing. On the allowlist it would be let through."
  `);
});

test('a guesser behind the address of an office', () => {
  expect(told(`${OFFICE}9s guess-register-passwords from 203.0.113.20:7000 user=1050 count=9`)).toMatchInlineSnapshot(`
    "block
    Counted 5, and 5 cross the line; known to come from there: 5. No registration holds at that port, but the address is known: somebody there got in before, or calls were set up with it. Registrations that held behind the address: 3. Ports of the address blocked lately: 1.
    It comes from where it says: it used a nonce that was sent to its address and port. It is one phone of an address that is known, so the others are left alone.
    The same from 3 more ports of it would block the address. On the allowlist it would be let through."
  `);
});

test('a guesser whom nobody knows', () => {
  expect(told('0s guess-register-passwords from 203.0.113.66 count=9')).toMatchInlineSnapshot(`
    "block
    Counted 5, and 5 cross the line; known to come from there: 5.
    It comes from where it says: it used a nonce that was sent to its address and port.
    After 3 more blocks the next one is for good. Had anybody at this address got in before, only the port would have been blocked. On the allowlist it would be let through."
  `);
});

test('a forged scanner in the name of a phone', () => {
  const scan = '9s scan-users from 203.0.113.20:6000 count=9 shape=sipvicious forged=yes';
  expect(told(OFFICE + scan)).toMatchInlineSnapshot(`
    "watch
    Counted 1, and 1 cross the line; known to come from there: none. It was the port of a phone whose registration held. Registrations that held behind the address: 3.
    Anybody could have sent it in this name: nothing shows that the source received our answers. It is one phone of an address that is known, so the others are left alone.
    With proof that it comes from there it would weigh more: a longer block, and one more towards a permanent one."
  `);
});

test('a flood that anybody could have sent', () => {
  expect(told('0s flood from 203.0.113.66 count=600 rate=500')).toMatchInlineSnapshot(`
    "block
    Counted 500, and 500 cross the line; known to come from there: none.
    Anybody could have sent it in this name: nothing shows that the source received our answers.
    With proof that it comes from there it would weigh more: a longer block, and one more towards a permanent one. Had anybody at this address got in before, only the port would have been blocked. On the allowlist it would be let through."
  `);
});
