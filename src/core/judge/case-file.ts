/**
 * What is collected about one source and one method: counts, users, evidence. It begins with the first counted message, long before
 * there is an incident, so that a verdict can show the messages that led to it.
 */
import type { EvidenceItem } from '../base/evidence.ts';
import type { DetectorSlug } from '../base/policy.ts';
import { spanText, userText } from '../decode/sip/text.ts';
import type { Sighting } from '../detect/sighting.ts';
import type { EvidenceMaker } from './evidence.ts';
import { INCIDENT_USERS_MAX } from './incident.ts';

/** Distinct users counted for one incident; beyond it `usersTotal` stays. */
const USERS_COUNTED_MAX = 4096;

export class CaseFile {
  readonly kind: DetectorSlug;
  first: number;
  last: number;
  count = 0;
  readonly users: string[] = [];
  readonly files: string[] = [];
  userAgent: string | null = null;
  /** Evidence that nobody has taken yet, and what was kept in all. */
  evidence: EvidenceItem[] = [];
  messages = 0;
  bytes = 0;
  /** Signed, for a set would box larger numbers. */
  private readonly seen = new Set<number>();
  private lastExchange = -1;

  constructor(kind: DetectorSlug, now: number) {
    this.kind = kind;
    this.first = now;
    this.last = now;
  }

  get usersTotal(): number {
    return this.files.length > 0 ? 0 : this.seen.size;
  }

  /** Takes one counted message. Returns the evidence bytes added. */
  add(s: Sighting, maker: EvidenceMaker, messagesMax: number, bytesMax: number): number {
    // TFTP: the refusal of a name that was counted when it was asked for is the same attempt.
    if (!(s.answer && this.kind === 'tftp-bruteforce' && this.seen.has(s.user | 0))) this.count++;
    this.last = s.now;
    this.noteUser(s);
    if (this.messages >= messagesMax || this.bytes >= bytesMax) return 0;
    if (this.userAgent === null && !s.overTftp) this.userAgent = maker.userAgent(s);
    const items = maker.of(s, s.exchange !== this.lastExchange);
    this.lastExchange = s.exchange;
    let added = 0;
    for (const item of items) {
      this.evidence.push(item);
      this.messages++;
      added += item.bytes.length;
    }
    this.bytes += added;
    return added;
  }

  private noteUser(s: Sighting): void {
    if (s.user === 0 || this.seen.has(s.user | 0) || this.seen.size >= USERS_COUNTED_MAX) return;
    this.seen.add(s.user | 0);
    if (s.overTftp) {
      if (s.tftp.fileStart >= 0 && this.files.length < INCIDENT_USERS_MAX)
        this.files.push(spanText(s.bytes, s.tftp.fileStart, s.tftp.fileEnd));
    } else if (this.users.length < INCIDENT_USERS_MAX) {
      const text = userTried(s);
      if (text !== '') this.users.push(text);
    }
  }
}

/** The user a message is about: a REGISTER's To; otherwise the Request-URI's, which an answer repeats in its To. */
function userTried(s: Sighting): string {
  const m = s.sip;
  const uri = !s.answer && s.method !== 'REGISTER' && m.uriUserStart >= 0;
  const start = uri ? m.uriUserStart : m.toUserStart;
  const end = uri ? m.uriUserEnd : m.toUserEnd;
  return start < 0 ? '' : userText(m.bytes, start, end);
}
