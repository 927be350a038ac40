/** Long work in slices, so that nobody waits long for their turn of the thread. */
const SLICE_MS = 5;

export class Pace {
  private sliceStart = performance.now();

  get tired(): boolean {
    return performance.now() - this.sliceStart > SLICE_MS;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.sliceStart = performance.now();
  }
}
