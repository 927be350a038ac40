/** Has anybody but this program changed the ruleset? The kernel's generation tells, less the transactions that were our own. */
import type { KernelElements } from './kernel-elements.ts';

export interface RulesetStanding {
  generation: number;
  /** Transactions of this program until then. */
  commits: number;
}

export class ForeignChanges {
  private readonly elements: KernelElements;
  private readonly commits: Int32Array;
  /** When the kernel was last known to be right. */
  private seen: RulesetStanding = { generation: -1, commits: 0 };

  constructor(elements: KernelElements, commits: Int32Array) {
    this.elements = elements;
    this.commits = commits;
  }

  any(): boolean {
    const { generation, commits } = this.standing();
    return (generation - this.seen.generation) >>> 0 !== (commits - this.seen.commits) >>> 0;
  }

  /** Read until no transaction of ours came between the two; another thread's may still be under way, which costs one look. */
  standing(): RulesetStanding {
    for (;;) {
      const commits = Atomics.load(this.commits, 0);
      const generation = this.elements.generation();
      if (Atomics.load(this.commits, 0) === commits) return { generation, commits };
    }
  }

  /** What was known to be right at that moment. */
  accept(standing: RulesetStanding): void {
    this.seen = standing;
  }

  /** Nothing is known: the next question is answered with yes. */
  suspect(): void {
    this.seen = { generation: -1, commits: 0 };
  }
}
