/** What the guard says no to, in words for people. */
import { GuardRefusal } from './guard-link.ts';
import { OperationError } from './operation-error.ts';

/** The error that a person sees for what `ask` rejected with; `what` is the address or list entry that was meant. */
export function explainRefusal(error: unknown, what: string): unknown {
  if (!(error instanceof GuardRefusal)) return error;
  switch (error.code) {
    case 'own-address':
      return new OperationError(
        'refused',
        error.code,
        `${what} is an address of this machine: blocking it would cut the machine off from itself.`,
        'Check the address; the addresses of this machine: ip address show',
      );
    case 'default-gateway':
      return new OperationError(
        'refused',
        error.code,
        `${what} is the default gateway of this machine: blocking it could cut the machine off.`,
        'Check the address; the gateway of this machine: ip route show default',
      );
    case 'allowlisted':
      return new OperationError(
        'refused',
        error.code,
        `${what} is on the allowlist: it is never blocked.`,
        'Take it off first: ringfence allow remove RANGE',
      );
    case 'not-blocked':
      return new OperationError('no', error.code, `${what} is not blocked.`, 'See who is: ringfence blocked');
    case 'guard-gone':
    case 'guard-silent':
    case 'guard-busy':
      return new OperationError(
        'failed',
        error.code,
        error.message,
        'See ringfence status, and the log of the daemon.',
      );
    default:
      return new OperationError('failed', error.code, error.message, 'See ringfence status and ringfence doctor.');
  }
}
