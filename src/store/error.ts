/** What can go wrong with the store, each with a stable code and what the user can do about it. */
import type { PolicyError } from '../policy/policy-error.ts';

export type StoreErrorCode =
  | 'store-disk-full'
  | 'store-locked'
  | 'store-newer'
  | 'store-damaged'
  | 'store-not-permitted'
  | 'store-io'
  | 'store-closed'
  | 'store-range-invalid'
  | 'store-list-full'
  | 'store-import-busy'
  | 'store-import-lost'
  | 'store-policy-invalid'
  | 'store-version-unknown'
  | 'store-views-full'
  | 'store-query-invalid'
  | 'store-backup-invalid';

const HINTS: Record<StoreErrorCode, string> = {
  'store-disk-full': 'free some space on that file system; what was not stored is kept and tried again',
  'store-locked': 'stop the other process, or give this one another directory with --data',
  'store-newer': 'install the newer version of Ringfence again, or give this one another directory with --data',
  'store-damaged': 'check the disk; the damaged file is set aside and what can be read of it goes into a new one',
  'store-not-permitted': 'check the owner and the permissions of the data directory',
  'store-io': 'check the disk: the kernel log (dmesg) may say more',
  'store-closed': 'open the store again',
  'store-range-invalid': 'write an address, a CIDR or a range',
  'store-list-full': 'put networks in the place of single addresses, or make the list a feed',
  'store-import-busy': 'wait until it has ended, or end it there with Ctrl-C',
  'store-import-lost': 'the list is as it was before; import the file again',
  'store-policy-invalid': 'correct the places named; the previous policy is still in force',
  'store-version-unknown': 'list the versions with: ringfence policy history',
  'store-views-full': 'remove one that is not needed any more',
  'store-backup-invalid': 'take a file that `ringfence backup` made; nothing was changed',
  'store-query-invalid': 'leave the cursor out to begin with the newest',
};

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly hint: string;
  /** `store-policy-invalid`: every error of the document. */
  readonly policyErrors: PolicyError[];

  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown; policyErrors?: PolicyError[] } = {}) {
    super(message, { cause: options.cause });
    this.name = 'StoreError';
    this.code = code;
    this.hint = HINTS[code];
    this.policyErrors = options.policyErrors ?? [];
  }
}
