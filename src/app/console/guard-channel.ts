/** The console's end of the channel to the guard: numbered requests out, their answers in. */
import type { ToGuard, ToConsole, GuardHealth, GuardRequest } from '../../channel/protocol.ts';
import { GuardRefusal, type GuardLink } from '../../serve/guard-link.ts';

/** The guard answers a block within milliseconds; a large list or a new ruleset may take seconds. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** Commands of people, so a few at a time; more is a runaway client. */
export const REQUESTS_MAX = 1000;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

export class GuardChannel implements GuardLink {
  connected = true;
  health: GuardHealth | null = null;
  private readonly send: (message: ToGuard) => void;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(send: (message: ToGuard) => void) {
    this.send = send;
  }

  ask(request: GuardRequest): Promise<unknown> {
    if (!this.connected) return Promise.reject(new GuardRefusal('guard-gone', 'The guard process has ended.'));
    if (this.waiting.size >= REQUESTS_MAX) {
      return Promise.reject(new GuardRefusal('guard-busy', `${REQUESTS_MAX} requests wait for the guard already.`));
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        const text = `The guard did not answer within ${ANSWER_TIMEOUT_MS / 1000} s.`;
        reject(new GuardRefusal('guard-silent', text));
      }, ANSWER_TIMEOUT_MS);
      this.waiting.set(id, { resolve, reject, timer });
      this.send({ kind: 'request', id, request });
    });
  }

  /** An answer that nobody waits for any more (it came after the time limit) is dropped: the next orders say what is in force. */
  answer(message: Extract<ToConsole, { kind: 'answer' }>): void {
    const asked = this.waiting.get(message.id);
    if (!asked) return;
    this.waiting.delete(message.id);
    clearTimeout(asked.timer);
    if (message.ok) asked.resolve(message.value);
    else asked.reject(new GuardRefusal(message.code, message.text));
  }

  /** The guard is gone: whoever waits hears it now. */
  close(): void {
    this.connected = false;
    for (const asked of this.waiting.values()) {
      clearTimeout(asked.timer);
      asked.reject(new GuardRefusal('guard-gone', 'The guard process has ended.'));
    }
    this.waiting.clear();
  }
}
