/** What was seen so far, for `status` and `replay`. Names come from the wire, so the number of distinct ones is bounded. */

/** Distinct methods counted by name; what comes after them counts as `OTHER`. */
export const METHODS_COUNTED_MAX = 64;

export class Counters {
  frames = 0;
  bytes = 0;
  messages = 0;
  keepalives = 0;
  readonly requests = new Map<string, number>();
  readonly responses = new Map<number, number>();
  readonly anomalies = new Map<string, number>();
  tftpRequests = 0;
  tftpErrors = 0;

  request(method: string): void {
    this.messages++;
    const count = this.requests.get(method);
    if (count !== undefined) this.requests.set(method, count + 1);
    else if (this.requests.size < METHODS_COUNTED_MAX) this.requests.set(method, 1);
    else this.requests.set('OTHER', (this.requests.get('OTHER') ?? 0) + 1);
  }

  response(status: number): void {
    this.messages++;
    this.responses.set(status, (this.responses.get(status) ?? 0) + 1);
  }

  anomaly(code: string): void {
    this.anomalies.set(code, (this.anomalies.get(code) ?? 0) + 1);
  }
}
