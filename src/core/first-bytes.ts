/** What a connection's first bytes say: that another protocol comes on a SIP port. */
import { ANSWER, type Role } from './detect/inspector.ts';

/** CR, LF, NUL, space, tab: seen before messages and as keep-alives. */
const BLANK_BEFORE_MESSAGE: readonly number[] = [0x0d, 0x0a, 0x00, 0x20, 0x09];
/** First byte of a TLS handshake (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;

export class FirstBytes {
  /** Ports of ours that answered in TLS. */
  private readonly tlsPorts = new Uint8Array(65536);

  /**
   * `ours`: our side's port. `foreign`: the first byte can begin no SIP message. Evasion: what follows need never hold an empty line, for
   * which the framer would wait.
   */
  read(bytes: Uint8Array, start: number, end: number, ours: number, role: Role): 'blank' | 'sip' | 'tls' | 'foreign' {
    let at = start;
    while (at < end && BLANK_BEFORE_MESSAGE.includes(bytes[at])) at++;
    if (at === end) return 'blank';
    const first = bytes[at];
    if (first > 0x20 && first < 0x7f) return 'sip';
    // Tolerance: a port that answers in TLS is a TLS port, and its phones are no junk.
    if (first === TLS_HANDSHAKE && role === ANSWER) this.tlsPorts[ours] = 1;
    return first === TLS_HANDSHAKE && this.tlsPorts[ours] === 1 ? 'tls' : 'foreign';
  }
}
