/** What happened when, as it happens: one line for each event, seconds since the scenario began. */
import { createColors } from 'picocolors';

export type Actor = 'lab' | 'attacker' | 'pbx' | 'phone' | 'ringfence' | 'kernel' | 'check';

export interface Event {
  /** Milliseconds since the scenario began. */
  at: number;
  actor: Actor;
  text: string;
}

export class Timeline {
  readonly events: Event[] = [];
  readonly #began = Date.now();
  readonly #print: ((line: string) => void) | undefined;
  readonly #colours: ReturnType<typeof createColors>;

  /** @param print Called with each line as it happens; without it events are only kept, for a failing test to show. */
  constructor(print?: (line: string) => void, colour = false) {
    this.#print = print;
    this.#colours = createColors(colour);
  }

  say(actor: Actor, text: string, at = Date.now()): void {
    const event = { at: at - this.#began, actor, text };
    this.events.push(event);
    this.#print?.(this.#format(event));
  }

  elapsed(): number {
    return Date.now() - this.#began;
  }

  toString(): string {
    return this.events.map((event) => this.#format(event)).join('\n');
  }

  #format({ at, actor, text }: Event): string {
    const c = this.#colours;
    const paint = {
      lab: c.dim,
      attacker: c.red,
      pbx: c.cyan,
      phone: c.blue,
      ringfence: c.yellow,
      kernel: c.green,
      check: c.magenta,
    }[actor];
    const [first, ...rest] = text.split('\n');
    const head = `${c.dim(`${(at / 1000).toFixed(2).padStart(7)} s`)}  ${paint(actor.padEnd(9))}  ${first}`;
    return [head, ...rest.map((line) => `${' '.repeat(22)}${line}`)].join('\n');
  }
}
