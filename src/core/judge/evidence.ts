/** Makes evidence of a sighting: the message itself and, when it is an answer, the request it answers. */
import { formatWords } from '../base/address.ts';
import type { EvidenceItem } from '../base/evidence.ts';
import { createSipMessage, decodeSip } from '../decode/sip/decode.ts';
import { spanText } from '../decode/sip/text.ts';
import type { Exchanges } from '../detect/exchanges.ts';
import type { Sighting } from '../detect/sighting.ts';

/** Longest piece of one message that is kept, bytes: a SIP message with a large SDP fits. */
export const EVIDENCE_MESSAGE_BYTES_MAX = 4096;

export class EvidenceMaker {
  private readonly exchanges: Exchanges;
  private readonly scratch = createSipMessage();

  constructor(exchanges: Exchanges) {
    this.exchanges = exchanges;
  }

  /** Oldest first. `withRequest` false leaves out the request (it is kept already). */
  of(s: Sighting, withRequest: boolean): EvidenceItem[] {
    const items: EvidenceItem[] = [];
    const at = s.answer && withRequest ? this.exchanges.requestAt(s.exchange) : -1;
    if (at >= 0) {
      const { recent, length, at: sentAt } = this.exchanges;
      items.push(item(s, 'in', sentAt[s.exchange], recent.bytes, at, at + length[s.exchange]));
    }
    items.push(item(s, s.answer ? 'out' : 'in', s.now, s.bytes, s.start, s.end));
    return items;
  }

  /** The user agent of the request that was sent or answered; null when it names none or is gone. */
  userAgent(s: Sighting): string | null {
    if (!s.answer)
      return s.sip.userAgentStart < 0 ? null : spanText(s.sip.bytes, s.sip.userAgentStart, s.sip.userAgentEnd);
    const at = this.exchanges.requestAt(s.exchange);
    if (at < 0) return null;
    decodeSip(this.exchanges.recent.bytes, at, at + this.exchanges.length[s.exchange], this.scratch);
    const { bytes, userAgentStart, userAgentEnd } = this.scratch;
    return userAgentStart < 0 ? null : spanText(bytes, userAgentStart, userAgentEnd);
  }
}

function item(
  s: Sighting,
  side: 'in' | 'out',
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): EvidenceItem {
  const source = formatWords(s.source0, s.source1, s.source2, s.source3);
  const victim = formatWords(s.victim0, s.victim1, s.victim2, s.victim3);
  const inbound = side === 'in';
  return {
    at,
    side,
    transport: s.tcp ? 'tcp' : 'udp',
    from: inbound ? source : victim,
    fromPort: inbound ? s.sourcePort : s.victimPort,
    to: inbound ? victim : source,
    toPort: inbound ? s.victimPort : s.sourcePort,
    bytes: bytes.slice(start, Math.min(end, start + EVIDENCE_MESSAGE_BYTES_MAX)),
    length: end - start,
  };
}
