/** The argument of a verdict as people would put it: what was seen, what it proves, what would have changed it. */
import { PROOFS, type Proof } from '../core/base/proof.ts';
import type { Argument, ArgumentUnless } from '../core/judge/argument.ts';

export interface Argued {
  argument: Argument;
  proof: Proof | null;
  target: string;
  count: number;
  threshold: number;
  /** The user that was tried, already escaped for where it is shown. */
  user?: string | undefined;
}

export interface ArgumentText {
  seen: string;
  shows: string;
  /** Empty: nothing would. */
  unless: string;
}

export function argumentText({ argument, proof, target, count, threshold, user }: Argued): ArgumentText {
  return {
    seen: seenText(argument, count, threshold),
    shows: showsText(argument, proof, user === undefined ? 'the phone' : `phone ${user}`, target),
    unless: argument.unless.map(({ code, number }) => unlessText(code, number)).join(' '),
  };
}

function seenText({ standing, phones, portsBlocked, proven }: Argument, count: number, threshold: number): string {
  const certain = Math.min(proven, count);
  const known = `known to come from there: ${certain === 0 ? 'none' : certain}`;
  const parts = [`Counted ${count}, and ${threshold} cross the line; ${known}.`];
  if (standing === 'registered') parts.push('It was the port of a phone whose registration held.');
  if (standing === 'known')
    parts.push(
      'No registration holds at that port, but the address is known: somebody there got in before, or calls were set up with it.',
    );
  if (phones > 0) parts.push(`Registrations that held behind the address: ${phones}.`);
  if (portsBlocked > 0) parts.push(`Ports of the address blocked lately: ${portsBlocked}.`);
  return parts.join(' ');
}

function showsText({ shows }: Argument, proof: Proof | null, phone: string, target: string): string {
  return shows
    .map((code) => {
      switch (code) {
        case 'source-proven':
          return proof === null ? 'It comes from where it says.' : `It comes from where it says: ${PROOFS[proof]}.`;
        case 'source-forgeable':
          return 'Anybody could have sent it in this name: nothing shows that the source received our answers.';
        case 'one-user-steady':
          return `One user, again and again at a phone’s pace: ${phone} at ${target} has a wrong password.`;
        case 'one-port-of-known':
          return 'It is one phone of an address that is known, so the others are left alone.';
        case 'many-ports-of-known':
          return 'It comes from more ports of a known address than one phone has.';
        case 'line':
          return 'In IPv6 a /64 is one customer’s line, and the next packet could come from any address of it: the whole line counts as one source. Nobody in it ever got in.';
        case 'network':
          return 'It comes from all over the network.';
        case 'took-part':
          return 'Many guess together. It is judged by its own guesses, of which fewer suffice then; nobody is blocked for what others did.';
        case 'blocked-before':
          return 'It was blocked as often before as the policy allows.';
      }
    })
    .join(' ');
}

function unlessText(code: ArgumentUnless, number: number | null): string {
  switch (code) {
    case 'proven':
      return 'With proof that it comes from there it would weigh more: a longer block, and one more towards a permanent one.';
    case 'registered':
      return 'Had anybody at this address got in before, only the port would have been blocked.';
    case 'more-ports':
      return `The same from ${number} more ports of it would block the address.`;
    case 'guessing':
      return `Other users, other passwords, a faster pace or more than ${number} tries an hour would be guessing.`;
    case 'more-blocks':
      return number === 0 ? 'The next block is for good.' : `After ${number} more blocks the next one is for good.`;
    case 'allowlisted':
      return 'On the allowlist it would be let through.';
  }
}
