/**
 * The kernel said no: one error type with a code that programs can rely on, the errno as libc names it, and a sentence for the
 * person who has to repair it.
 */
export const KERNEL_ERRORS = {
  'netlink-no-permission': 'CAP_NET_ADMIN is missing: run as root, or give the service that capability.',
  'netlink-failed': 'The kernel refused a netlink request: `ringfence doctor` checks what this kernel offers.',
  'netlink-no-answer': 'The kernel did not answer a netlink request; is another program reading from our socket?',
  'nflog-unavailable':
    'The kernel has no NFLOG: load nfnetlink_log (`modprobe nfnetlink_log`) or install a kernel with it.',
  'nflog-group-busy':
    'Another program, probably another Ringfence, listens to this NFLOG group in this network namespace: stop it first.',
  'kernel-table-missing':
    'The table `inet ringfence` is not there; it is repaired within seconds while the daemon runs.',
  'kernel-element-missing':
    'Another program changed the sets of the table `inet ringfence`; they are repaired within seconds.',
  'kernel-set-full': 'The kernel set is full: lift blocks, shorten the block time, or raise the size of the set.',
  'kernel-out-of-memory': 'The kernel had no memory for this change: free memory or shorten the lists.',
  'kernel-busy': 'The kernel had the ruleset locked by another program for too long: try again.',
  'poll-failed': 'Waiting for packets failed.',
} as const;

export type KernelErrorCode = keyof typeof KERNEL_ERRORS;

export class KernelError extends Error {
  readonly code: KernelErrorCode;
  /** Libc's name, e.g. `EPERM`; `errno 524` when it has none. */
  readonly errnoName: string;
  readonly errno: number;
  /** What the user can do about it. */
  readonly hint: string;

  /** `doing`: what was tried, e.g. `add an element to block4`. */
  constructor(code: KernelErrorCode, doing: string, errno: number, errnoName: string) {
    super(`cannot ${doing}: ${errnoName}. ${KERNEL_ERRORS[code]}`);
    this.name = 'KernelError';
    this.code = code;
    this.errno = errno;
    this.errnoName = errnoName;
    this.hint = KERNEL_ERRORS[code];
  }
}
