/** Long work in slices of a few milliseconds: between them other work of the thread gets its turn. */

/** After this long at a stretch. */
const SLICE_MS = 5;

export class Slices {
  private start = 0;

  get tired(): boolean {
    return performance.now() - this.start > SLICE_MS;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.start = performance.now();
  }
}
