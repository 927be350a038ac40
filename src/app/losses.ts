/** Packets that the sensor could not take: told when it begins, then together, so that a flood does not flood the events. */
const TOLD_EVERY_MS = 600_000;

export class Losses {
  private told = 0;
  private toldAt = -Infinity;

  /** `lost`: since the start of the sensor; `at`: of a clock that only runs forward. The answer is how many are to be told now; 0: none. */
  look(lost: number, at: number): number {
    // The sensor was started again, and counts anew.
    if (lost < this.told) this.told = 0;
    const more = lost - this.told;
    if (more === 0 || at - this.toldAt < TOLD_EVERY_MS) return 0;
    this.told = lost;
    this.toldAt = at;
    return more;
  }
}
