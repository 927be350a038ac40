/** What was seen so far, for `status` and `replay`. Names come from the wire, so the number of distinct ones is bounded. */

/** Distinct methods counted by name; what comes after them counts as `OTHER`. */
export const METHODS_COUNTED_MAX = 64;
/** The decoder reads no status above it. */
const STATUS_MAX = 699;

export class Counters {
  frames = 0;
  bytes = 0;
  messages = 0;
  keepalives = 0;
  private readonly byMethod = new Map<string, Count>();
  private readonly byStatus = new Uint32Array(STATUS_MAX + 1);
  private readonly byAnomaly = new Map<string, Count>();
  tftpRequests = 0;
  tftpErrors = 0;

  get requests(): Map<string, number> {
    return numbers(this.byMethod);
  }

  /** By status code; 0: it could not be read. */
  get responses(): Map<number, number> {
    return new Map([...this.byStatus.entries()].filter(([, count]) => count > 0));
  }

  get anomalies(): Map<string, number> {
    return numbers(this.byAnomaly);
  }

  request(method: string): void {
    this.messages++;
    const count = this.byMethod.get(method);
    if (count !== undefined) count.n++;
    else countOne(this.byMethod, this.byMethod.size < METHODS_COUNTED_MAX ? method : 'OTHER');
  }

  response(status: number): void {
    this.messages++;
    this.byStatus[status]++;
  }

  anomaly(code: string): void {
    countOne(this.byAnomaly, code);
  }
}

/** Counted in place: half the work of writing a number back into its map for every message. */
interface Count {
  n: number;
}

function countOne(counts: Map<string, Count>, name: string): void {
  const count = counts.get(name);
  if (count !== undefined) count.n++;
  else counts.set(name, { n: 1 });
}

function numbers(counts: Map<string, Count>): Map<string, number> {
  return new Map([...counts].map(([name, { n }]) => [name, n]));
}
