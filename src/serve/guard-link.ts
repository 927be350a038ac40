/** The guard as the console's operations see it: something that answers. */
import type { GuardHealth, GuardRequest, RefusalCode } from '../channel/protocol.ts';

export interface GuardLink {
  /** Resolves when the kernel holds what was asked for; rejects with `GuardRefusal` when the guard says no or fails. */
  ask(request: GuardRequest): Promise<unknown>;
  readonly connected: boolean;
  /** The last report, about one a second; null until the first. */
  readonly health: GuardHealth | null;
}

export class GuardRefusal extends Error {
  readonly code: RefusalCode | (string & {});

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}
