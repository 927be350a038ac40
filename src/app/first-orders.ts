/** How long a starting guard waits for the console's first orders, and what comes of it when these do not come. */
import type { StartOrders } from '../channel/protocol.ts';
import type { GuardError } from './guard-error.ts';

/** A console that has not come by then is late, and is told to be. */
const PATIENCE_MS = 8_000;
/** And so much longer while another process has the data directory. */
const TAKEN_MS = 22_000;
/**
 * A guard that was killed leaves a console behind that commits what it has received, and one that has just begun to read a million entries
 * first reads them: then it may be over in some seconds.
 */
const TAKEN_CODES: readonly string[] = ['store-locked', 'socket-in-use'];

export class FirstOrders {
  /** Null when the console is late. Rejects when the guard cannot go on: see `failed`. */
  readonly come: Promise<StartOrders | null>;
  /** Why the data directory is another's, as long as it is. */
  taken: GuardError | null = null;
  private readonly needed: boolean;
  private readonly promise = Promise.withResolvers<StartOrders | null>();
  private open = true;
  private timer: NodeJS.Timeout | null = null;

  /** `needed`: the guard has nothing else to begin with. */
  constructor(needed: boolean) {
    this.needed = needed;
    this.come = this.promise.promise;
    // Whoever waits for it hears it; nobody waits after a failed start.
    this.come.catch(() => {});
  }

  await(ms: number = PATIENCE_MS): void {
    this.timer = setTimeout(() => {
      if (this.taken && ms === PATIENCE_MS) return this.await(TAKEN_MS);
      this.open = false;
      if (this.taken) this.promise.reject(this.taken);
      else this.promise.resolve(null);
    }, ms);
  }

  /** True: these are the first, and not late. */
  came(orders: StartOrders): boolean {
    const { open } = this;
    this.taken = null;
    this.close();
    this.promise.resolve(orders);
    return open;
  }

  /** The console cannot start. True: there is nothing to go on with, it is not tried again. */
  failed(error: GuardError): boolean {
    this.taken = TAKEN_CODES.includes(error.code) ? error : null;
    if (!this.needed || !this.open) return false;
    this.close();
    this.promise.reject(error);
    return true;
  }

  /** Nobody waits any more. */
  close(): void {
    this.open = false;
    if (this.timer) clearTimeout(this.timer);
  }
}
