/** A request of a moment ago as a sighting of its own, for a finding that only the time after it proved. */
import { createSipMessage, decodeSip } from '../decode/sip/decode.ts';
import type { Exchanges } from './exchanges.ts';
import type { Sighting } from './sighting.ts';

export class PastRequests {
  private readonly exchanges: Exchanges;
  private readonly message = createSipMessage();

  constructor(exchanges: Exchanges) {
    this.exchanges = exchanges;
  }

  /** When it was sent, if that is known. */
  at(then: { exchange: number; serial: number }): number | undefined {
    const { ring, at } = this.exchanges;
    return then.exchange >= 0 && ring.serial[then.exchange] === then.serial ? at[then.exchange] : undefined;
  }

  /**
   * The request for `user` that `s.row` sent then, with the victim of `s`; null when its bytes are gone. Valid until the next call.
   * `now` stays that of `s`: a verdict is given now.
   */
  sighting(s: Sighting, user: number, then: { port: number; exchange: number; serial: number }): Sighting | null {
    const { exchanges, message } = this;
    const { exchange, serial, port } = then;
    if (exchange < 0 || exchanges.ring.serial[exchange] !== serial) return null;
    const start = exchanges.requestAt(exchange);
    if (start < 0) return null;
    const end = start + exchanges.length[exchange];
    const { bytes } = exchanges.recent;
    decodeSip(bytes, start, end, message);
    const request = { sip: message, bytes, start, end, user, exchange, sourcePort: port, method: message.method };
    return { ...s, ...request, answer: false, fresh: true, hadCredentials: false };
  }
}
