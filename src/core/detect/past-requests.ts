/** A request of a moment ago as a sighting of its own, for a finding that only the time after it proved. */
import { createSipMessage, decodeSip } from '../decode/sip/decode.ts';
import { headerField, VALUE_END, VALUE_START } from '../decode/sip/message.ts';
import { hashSpan } from '../decode/sip/text.ts';
import type { Exchanges } from './exchanges.ts';
import type { Sighting } from './sighting.ts';

/** Compared with nothing but each other, of one source: nobody gains by a collision. */
const HASH_SEED = 7;

/** A request's credentials as hashes: all but the response, and the response. 0: there are none. */
export interface DigestHashes {
  context: number;
  response: number;
}

export class PastRequests {
  private readonly exchanges: Exchanges;
  private readonly message = createSipMessage();
  private readonly hashes: DigestHashes = { context: 0, response: 0 };

  constructor(exchanges: Exchanges) {
    this.exchanges = exchanges;
  }

  /**
   * Valid until the next call. Evasion: who changes a parameter that the digest does not cover cannot be compared, and is left to his pace.
   */
  digest(exchange: number, hadCredentials: boolean): DigestHashes {
    const { exchanges, message, hashes } = this;
    hashes.context = hashes.response = 0;
    const start = hadCredentials ? exchanges.requestAt(exchange) : -1;
    if (start < 0) return hashes;
    const { bytes } = exchanges.recent;
    decodeSip(bytes, start, start + exchanges.length[exchange], message);
    for (let i = 0; i < message.headerCount; i++) {
      const [from, to] = [headerField(message, i, VALUE_START), headerField(message, i, VALUE_END)];
      if (from > message.authResponseStart || to < message.authResponseEnd) continue;
      const before = hashSpan(bytes, from, message.authResponseStart, HASH_SEED);
      hashes.context = hashSpan(bytes, message.authResponseEnd, to, before) || 1;
      hashes.response = hashSpan(bytes, message.authResponseStart, message.authResponseEnd, HASH_SEED);
    }
    return hashes;
  }

  /** When it was sent, if that is known. */
  at(then: { exchange: number; serial: number }): number | undefined {
    const { ring, at } = this.exchanges;
    return then.exchange >= 0 && ring.serialOf(then.exchange) === then.serial ? at[then.exchange] : undefined;
  }

  /**
   * The request for `user` that `s.row` sent then, with the victim of `s`; null when its bytes are gone. Valid until the next call.
   * `now` stays that of `s`: a verdict is given now.
   */
  sighting(s: Sighting, user: number, then: { exchange: number; serial: number }): Sighting | null {
    const { exchanges, message } = this;
    const { exchange, serial } = then;
    if (exchange < 0 || exchanges.ring.serialOf(exchange) !== serial) return null;
    const start = exchanges.requestAt(exchange);
    if (start < 0) return null;
    const end = start + exchanges.length[exchange];
    const { bytes } = exchanges.recent;
    decodeSip(bytes, start, end, message);
    const request = { sip: message, bytes, start, end, user, exchange, method: message.method };
    const [host, phone, sourcePort] = [exchanges.host[exchange], exchanges.phone[exchange], exchanges.port[exchange]];
    const from = { source2: exchanges.w2[exchange], source3: exchanges.w3[exchange], host, phone, sourcePort };
    const proof = exchanges.proofAt(exchange);
    return { ...s, ...request, ...from, proof, answer: false, fresh: true, hadCredentials: false };
  }
}
