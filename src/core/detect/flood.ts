/**
 * Too many messages of any method, retransmissions, answers and junk included: work for the PBX whatever they say.
 *
 * One phone sends from one port; an office behind a NAT from many. So the threshold for one port grows with the number of ports seen,
 * up to the threshold for the whole address. Ports are counted in 32 bits a source (linear counting), not in a table.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { FloodPolicy } from '../base/policy.ts';
import { SlidingCount } from '../base/sliding-count.ts';
import { grown } from '../base/source-table.ts';
import { KIND_REQUEST, KIND_RESPONSE } from '../decode/sip/message.ts';
import {
  COUNTED_SOURCES_MAX,
  type Detector,
  type Findings,
  type Hint,
  type OwnThreshold,
  type Tally,
} from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'flood';
const CODE = `${SLUG}.requests`;
const OF_PORT = `${SLUG}.threshold`;
const OF_ADDRESS = `${SLUG}.addressThreshold`;
const PORT_BITS = 32;
/** Of each row: bits of the ports seen in this window and in the one before, for the count looks back as long. */
const COLUMNS = 4;
const PORTS = 0;
const EARLIER_PORTS = 1;
/** Low 32 bits of milliseconds, as in SlidingCount. */
const SINCE = 2;
/** Whether anything in this window (1) and in the one before (2) could have been forged. */
const FORGEABLE = 3;

/** One message that anybody could have sent, and the flood may be somebody else's. */
const ALL_PROVEN: Hint = { proven: Infinity };
const NONE_PROVEN: Hint = { proven: 0 };

export class Flood implements Detector {
  readonly slug = SLUG;
  private readonly policy: FloodPolicy;
  private readonly requests: SlidingCount;
  /** A row's cells lie together, for every message asks for all of them. */
  private cells = new Int32Array(0);
  private inDialog = 0;
  /** Until when a flood that was reported counts as going on, below the threshold too, by row. */
  private readonly goingOn = new BoundedMap<number>(COUNTED_SOURCES_MAX);

  constructor(policy: FloodPolicy) {
    this.policy = policy;
    this.requests = new SlidingCount(policy.windowMs);
  }

  grow(rows: number): void {
    this.requests.grow(rows);
    this.cells = grown(this.cells, new Int32Array(rows * COLUMNS));
  }

  load(s: Sighting, findings: Findings): void {
    const { cells } = this;
    const at = s.row * COLUMNS;
    const now32 = (s.now % 4294967296) >>> 0;
    const age = (now32 - cells[at + SINCE]) >>> 0;
    if (age >= this.policy.windowMs) {
      const next = age < 2 * this.policy.windowMs;
      cells[at + EARLIER_PORTS] = next ? cells[at + PORTS] : 0;
      cells[at + PORTS] = 0;
      cells[at + FORGEABLE] = next ? (cells[at + FORGEABLE] & 1) << 1 : 0;
      cells[at + SINCE] = now32;
    }
    cells[at + PORTS] |= 1 << (Math.imul(s.phone, 0x9e3779b1) >>> 27);
    if (s.proof === null) cells[at + FORGEABLE] |= 1;
    // Tolerance: what belongs to calls that stand (ACK, BYE, re-INVITE, answers) is a quarter of a new request: a trunk with 50
    // calls a second sends 135 messages a second.
    const inDialog = s.sip.kind === KIND_RESPONSE || (s.sip.kind === KIND_REQUEST && s.sip.toTagStart >= 0);
    if (inDialog && (this.inDialog++ & 3) !== 0) return;
    const { windowMs } = this.policy;
    const count = this.requests.add(s.row, s.now);
    const goingOn = this.goingOn.size > 0 && (this.goingOn.peek(s.row) ?? 0) > s.now;
    if (count < this.policy.lowestThreshold && !goingOn) return;
    const ofPort = findings.thresholdFor(OF_PORT, this.policy.threshold, s);
    const threshold = this.combined(s.row, ofPort, findings.thresholdFor(OF_ADDRESS, this.policy.addressThreshold, s));
    if (count < findings.effective(threshold, s) && !goingOn) return;
    const since = s.now - (cells[at + EARLIER_PORTS] !== 0 ? windowMs : (now32 - cells[at + SINCE]) >>> 0);
    const proven = cells[at + FORGEABLE] === 0 ? ALL_PROVEN : NONE_PROVEN;
    findings.report(SLUG, CODE, count, threshold, windowMs, s, since, proven);
    // After the report, for a block makes all counts begin anew, and the flood is the same one.
    this.goingOn.set(s.row, s.now + windowMs);
  }

  forget(row: number): void {
    this.requests.forget(row);
    this.cells.fill(0, row * COLUMNS, (row + 1) * COLUMNS);
    this.goingOn.delete(row);
  }

  tally(row: number, now: number, own: OwnThreshold): Tally[] {
    const count = this.requests.at(row, now);
    const { threshold, addressThreshold, windowMs } = this.policy;
    const combined = this.combined(row, own(OF_PORT, threshold), own(OF_ADDRESS, addressThreshold));
    return [{ kind: SLUG, what: CODE, count, threshold: combined, windowMs }];
  }

  private combined(row: number, ofPort: number, ofAddress: number): number {
    // A whole address may do what one port of it may: who raises the one need not think of the other.
    const most = Math.max(ofPort, ofAddress);
    const unset = PORT_BITS - bitCount(this.cells[row * COLUMNS + PORTS] | this.cells[row * COLUMNS + EARLIER_PORTS]);
    if (unset === 0) return most;
    const ports = Math.max(1, Math.round(PORT_BITS * Math.log(PORT_BITS / unset)));
    return Math.min(most, ofPort * ports);
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
