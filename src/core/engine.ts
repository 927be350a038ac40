/**
 * The engine: IP packets in, verdicts out. Pure – no I/O, no clock, no randomness: the live tap, `replay`, the tests and the
 * benchmark run the same one, and a capture always gives the same verdicts.
 */
import type { Address } from './base/address.ts';
import { overlaps, parseAddress } from './base/address.ts';
import { Counters } from './base/counters.ts';
import { SIDE_IN, SIDE_OUT, SIDE_UNKNOWN, type Frame, type Side } from './base/frame.ts';
import { NO_RANGES, type PackedRanges } from './base/packed-ranges.ts';
import type { Policy } from './base/policy.ts';
import { Lines } from './base/lines.ts';
import { SourceTable } from './base/source-table.ts';
import { parseTarget, type Target } from './base/target.ts';
import { createPacket, decodePacket, PROTOCOL_TCP, PROTOCOL_UDP } from './decode/ip/decode.ts';
import { Fragments } from './decode/ip/fragments.ts';
import type { Packet } from './decode/ip/packet.ts';
import { TcpStreams } from './decode/ip/tcp-streams.ts';
import { SipFramer } from './decode/sip/framer.ts';
import { createDetectors } from './detect/detectors.ts';
import { Dialogs } from './detect/dialogs.ts';
import { Exchanges } from './detect/exchanges.ts';
import { ANSWER, COUNTED_ONLY, Inspector, REQUEST, type Role } from './detect/inspector.ts';
import { BadEvents, isPatient } from './detect/patient/bad-events.ts';
import { PatientMemory } from './detect/patient/memory.ts';
import { EvidenceMaker } from './judge/evidence.ts';
import { explain, type Explanation } from './judge/explain.ts';
import type { BlockHistoryEntry } from './judge/block-history.ts';
import type { IncidentChange } from './judge/incident.ts';
import { Incidents } from './judge/incidents.ts';
import { Judge } from './judge/judge.ts';
import { Lists, type ListsInput } from './judge/lists.ts';
import { portKey, type RegisteredSource, type TrustChange } from './judge/trust.ts';
import type { Verdict } from './judge/verdict.ts';
import { FirstBytes } from './first-bytes.ts';
import { PortMap, SIP_TCP, SIP_UDP, TFTP } from './port-map.ts';

export interface EngineOptions {
  policy: Policy;
  /** Secret of all hashes. Evasion: without it nobody can aim collisions. `replay` uses a fixed one. */
  seed: number;
  allow?: PackedRanges;
  deny?: PackedRanges;
  /** Addresses of this machine, and its default gateways: never blocked. */
  own?: Address[];
  gateways?: Address[];
  blockHistory?: BlockHistoryEntry[];
  /** Capacity of the source table (tests). */
  sourcesMax?: number;
  /** Replay: the side of a packet, where no kernel said it with the frame. */
  sideOf?: (packet: Packet) => Side;
  /** Replay: packets of a blocked source are still seen; count them as dropped and extend the block as the kernel would. */
  simulateDrops?: boolean;
}

interface StreamState {
  framer: SipFramer;
  role: Role;
  /** The source acknowledged what was sent to it: it is where it says it is. */
  handshake: boolean;
  /** Nothing but line breaks was read yet, and what comes are the connection's first bytes. */
  atStart: boolean;
}

const NO_VERDICTS: readonly Verdict[] = [];

export class Engine {
  readonly counters = new Counters();
  readonly sources: SourceTable;
  private readonly lines: Lines;
  private readonly seed: number;
  private readonly simulateDrops: boolean;
  private readonly sideOf: ((packet: Packet) => Side) | null;
  private readonly packet = createPacket();
  private readonly fragments: Fragments;
  private readonly streams: TcpStreams<StreamState>;
  private readonly exchanges: Exchanges;
  private readonly inspector: Inspector;
  private readonly incidents: Incidents;
  private readonly judge: Judge;
  private readonly dialogs = new Dialogs();
  /** What is remembered over days; it outlives a change of the policy. */
  readonly memory: PatientMemory;
  private readonly badEvents: BadEvents;
  private ports: PortMap;
  private listsInput: ListsInput;
  private readonly firstBytes = new FirstBytes();
  private now = 0;

  constructor(options: EngineOptions) {
    const { policy, seed, allow = NO_RANGES, deny = NO_RANGES, own = [], gateways = [], blockHistory = [] } = options;
    this.seed = seed;
    this.simulateDrops = options.simulateDrops ?? false;
    this.sideOf = options.sideOf ?? null;
    this.listsInput = { allow, deny, own, gateways };
    this.ports = new PortMap(policy.ports);
    this.sources = new SourceTable(seed, options.sourcesMax);
    this.lines = new Lines(seed);
    this.fragments = new Fragments(seed);
    this.exchanges = new Exchanges(seed);
    this.incidents = new Incidents(policy, this.sources, new EvidenceMaker(this.exchanges));
    this.judge = new Judge(policy, this.listsInput, blockHistory, this.sources, this.incidents, this.exchanges);
    this.memory = new PatientMemory(seed);
    this.badEvents = new BadEvents(this.judge, this.exchanges, this.memory, seed);
    this.inspector = new Inspector(seed, this.sources, this.lines, this.counters, this.badEvents, this.exchanges);
    this.judge.tellsDenied = this.simulateDrops;
    this.judge.onBlocked = (row) => this.forgetCounts(row);
    this.sources.attach(this.judge);
    this.sources.attach(this.memory);
    this.sources.attach({
      grow: (rows) => this.inspector.detectors.forEach((detector) => detector.grow?.(rows)),
      forget: (row) => {
        this.incidents.closeSource(row, this.sources.lastSeen(row));
        this.forgetCounts(row);
      },
    });
    this.useLines(policy);
    this.useDetectors(policy);
    this.streams = new TcpStreams<StreamState>(
      {
        open: (packet, _now, fromStart) => this.openStream(packet, fromStart),
        data: (state, bytes, start, end, packet, now) => this.streamData(state, bytes, start, end, packet, now),
        gap: (state) => state.framer.reset(),
        close: () => {},
      },
      { seed },
    );
  }

  /** Takes one frame; `now` in milliseconds since the epoch. The verdicts are new decisions, not a state. Never throws. */
  step(frame: Frame, now: number): readonly Verdict[] {
    this.counters.frames++;
    this.counters.bytes += frame.end - frame.start;
    if (frame.start === frame.end) return NO_VERDICTS;
    // Invariant: time never runs backwards inside, whatever the capture's stamps or the clock do.
    if (now > this.now) this.now = now;
    this.packet.side = frame.side;
    const problem = decodePacket(frame.bytes, frame.start, frame.end, this.packet);
    if (problem !== null) {
      this.counters.anomaly(problem);
      return NO_VERDICTS;
    }
    if (this.sideOf !== null) this.packet.side = this.sideOf(this.packet);
    if (this.packet.fragmented) {
      const whole = this.fragments.add(this.packet, this.now);
      if (this.fragments.anomaly !== null) this.counters.anomaly(this.fragments.anomaly);
      if (!whole) return NO_VERDICTS;
    }
    this.route(this.packet);
    return this.takeVerdicts();
  }

  /** When `wake` wants to be called next, milliseconds since the epoch; Infinity: not at all. */
  wakeAt(): number {
    return this.incidents.wakeAt();
  }

  wake(now: number): readonly Verdict[] {
    if (now > this.now) this.now = now;
    this.streams.expire(this.now);
    this.incidents.sweep(this.now);
    return this.takeVerdicts();
  }

  /** The end of the input (a file): bytes that wait behind a lost segment are read as they are. */
  finish(now: number): readonly Verdict[] {
    this.streams.expire(Infinity);
    return this.wake(now);
  }

  /** Incidents that were opened, counted on, judged or closed since the last call, with the evidence added. */
  takeChanges(): IncidentChange[] {
    return this.incidents.take();
  }

  get tables(): { sources: number; tcpStreams: number; incidentsOpen: number; transactions: number } {
    const { incidents, streams, sources, exchanges } = this;
    const transactions = exchanges.ring.used;
    return { sources: sources.size, tcpStreams: streams.size, incidentsOpen: incidents.openCount, transactions };
  }

  setPolicy(policy: Policy): void {
    this.ports = new PortMap(policy.ports);
    this.judge.policy = policy;
    this.incidents.setPolicy(policy);
    this.incidents.reconsider();
    this.useLines(policy);
    this.useDetectors(policy);
  }

  setLists(lists: Partial<ListsInput>): void {
    this.listsInput = { ...this.listsInput, ...lists };
    this.judge.lists = new Lists(this.listsInput);
    this.useLines(this.judge.policy);
    this.incidents.reconsider();
  }

  /** Why this address may not be blocked by anybody's hand; null when it may. */
  exemption(address: Address): string | null {
    return this.judge.lists.exemption(address);
  }

  /** Sources that the kernel should let in first, or no longer, since the last call; at most `TRUST_CHANGES_MAX`, the rest follows. */
  takeTrust(): TrustChange[] {
    return this.judge.trust.take();
  }

  /** A phone that was trusted before this engine began: the kernel still held it. */
  noteTrusted(target: Target, until: number, now: number): void {
    const { port, w2, w3 } = target;
    if (port === undefined) return;
    const { source, host, phone, tcp } = this.lines.place(target);
    const row = this.rowOf(source, now);
    this.judge.trust.note(row, portKey(phone, tcp), { until, w2, w3, host, port, tcp }, now);
  }

  /** A block that stands for another reason than a verdict of this engine: by hand, or found in the kernel. `until` Infinity: permanent. */
  noteBlocked(target: Target, until: number, now: number): void {
    const { blocks } = this.judge;
    const place = this.lines.place(target);
    if (target.bits !== undefined && !place.whole) blocks.setNetwork(target, until);
    else blocks.set(target, this.rowOf(place.source, now), place, until);
  }

  /** What the kernel dropped of a blocked source, by its own counter: belongs to the incident that led to the block. */
  noteDropped(text: string, packets: number, now: number): void {
    const address = parseAddress(text);
    const row = address ? this.find(this.lines.place(address).source) : -1;
    if (row >= 0) this.incidents.dropped(row, packets, now);
  }

  /** The administrator lifted the block: nothing is held against the source any more, and its earlier blocks are forgotten. */
  lift(text: string): void {
    this.judge.history.forget(text);
    const target = parseTarget(text);
    if (target === null) return;
    const { blocks } = this.judge;
    const place = this.lines.place(target);
    if (target.bits !== undefined && !place.whole) return blocks.liftNetwork(target);
    const row = this.find(place.source);
    if (row < 0) return;
    if (place.whole) this.judge.pardon(row);
    else blocks.liftPart(target, row, place);
    this.incidents.closeSource(row, this.now);
    this.forgetCounts(row);
  }

  /** Sources with a registration that holds. */
  registered(now: number): RegisteredSource[] {
    return this.judge.trust.list(now);
  }

  explain(text: string, now: number): Explanation | null {
    const address = parseAddress(text);
    if (!address) return null;
    const { sources, lines, judge, incidents } = this;
    return explain(address, now, { sources, lines, judge, incidents, detectors: this.inspector.detectors });
  }

  private route(packet: Packet): void {
    const { protocol, bytes, payloadStart, payloadEnd } = packet;
    const flags = this.ports.flags[packet.srcPort] | this.ports.flags[packet.dstPort];
    if (this.simulateDrops && flags !== 0 && packet.side === SIDE_IN) this.dropIfBlocked(packet);
    if (protocol === PROTOCOL_TCP) {
      if ((flags & SIP_TCP) !== 0) this.streams.add(packet, this.now);
    } else if (protocol === PROTOCOL_UDP && payloadEnd > payloadStart) {
      if ((flags & SIP_UDP) !== 0) {
        this.inspector.sip(
          bytes,
          payloadStart,
          payloadEnd,
          packet,
          this.roleOf(packet, SIP_UDP),
          false,
          false,
          this.now,
        );
      } else if ((flags & TFTP) !== 0 || this.inspector.awaitsTransfer(packet)) {
        this.inspector.tftp(bytes, payloadStart, payloadEnd, packet, this.now);
      }
    }
  }

  /** Only what goes to a protected port of ours, or leaves one, is judged; all else on those ports is counted. */
  private roleOf(packet: Packet, flag: number): Role {
    if (packet.side === SIDE_UNKNOWN) return COUNTED_ONLY;
    const out = packet.side === SIDE_OUT;
    const ours = this.ports.flags[out ? packet.srcPort : packet.dstPort];
    if ((ours & flag) === 0) return COUNTED_ONLY;
    return out ? ANSWER : REQUEST;
  }

  private openStream(packet: Packet, fromStart: boolean): StreamState {
    const framer = new SipFramer();
    // Tolerance: a connection older than we are is met in the middle of a message; that is nobody's junk.
    if (!fromStart) framer.reset();
    return { framer, role: this.roleOf(packet, SIP_TCP), handshake: false, atStart: fromStart };
  }

  private streamData(
    state: StreamState,
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: Packet,
    now: number,
  ): void {
    const { framer, role } = state;
    if (role === REQUEST && !state.handshake) state.handshake = this.streams.acknowledges(packet);
    const { handshake } = state;
    if (state.atStart && this.isForeign(state, bytes, start, end, packet, now)) return;
    framer.push(bytes, start, end, (text, from, to) =>
      this.inspector.sip(text, from, to, packet, role, true, handshake, now),
    );
    if (framer.anomalies.length === 0) return;
    this.inspector.streamDefects(framer.anomalies, bytes, start, end, packet, role, handshake, now);
    framer.anomalies.length = 0;
  }

  private isForeign(
    state: StreamState,
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: Packet,
    now: number,
  ): boolean {
    const { role, handshake } = state;
    const first = this.firstBytes.read(bytes, start, end, role === ANSWER ? packet.srcPort : packet.dstPort, role);
    if (first === 'blank') return false;
    state.atStart = false;
    if (first === 'sip') return false;
    // A message may still follow the junk: the framer looks for its start line.
    state.framer.reset();
    if (first === 'foreign')
      this.inspector.streamDefects([{ code: 'not-sip', offset: 0 }], bytes, start, end, packet, role, handshake, now);
    return true;
  }

  private dropIfBlocked(packet: Packet): void {
    // Asked for every packet of a replay, so nothing is made: `Lines.place` says the same.
    const { lines, sources, now } = this;
    const { blocks } = this.judge;
    const { src0, src1, src2, src3 } = packet;
    const line = lines.has(src0, src1);
    const row = sources.find(src0, src1, line ? 0 : src2, line ? 0 : src3);
    if (row < 0) return;
    const host = line ? lines.host(src2, src3) : 0;
    const phone = lines.phone(host, packet.srcPort);
    let until = blocks.ofSource(row, host, phone, packet.protocol === PROTOCOL_TCP, now);
    if (blocks.anyNetwork) until = Math.max(until, blocks.ofNetwork({ w0: src0, w1: src1, w2: src2, w3: src3 }, now));
    if (until > 0) this.judge.wouldDrop(row, this.now);
  }

  /** The row of a source that somebody speaks of; it counts as never seen when it was not. */
  private rowOf({ w0, w1, w2, w3 }: Address, now: number): number {
    const known = this.sources.find(w0, w1, w2, w3) >= 0;
    const row = this.sources.see(w0, w1, w2, w3, now);
    if (!known) this.sources.unsee(row);
    this.sources.keep(row);
    return row;
  }

  private find({ w0, w1, w2, w3 }: Address): number {
    return this.sources.find(w0, w1, w2, w3);
  }

  /** Where single addresses are ours, our guests' or allowed, a /64 is no one customer's. */
  private useLines({ guests }: Policy): void {
    const { judge } = this;
    this.lines.use((line) => judge.lists.spares(line) || guests.some((range) => overlaps(range, line)));
  }

  private useDetectors(policy: Policy): void {
    const { exchanges, dialogs, judge, memory, seed } = this;
    const detectors = createDetectors(policy, exchanges, dialogs, memory, seed);
    this.badEvents.listeners = detectors.filter(isPatient);
    this.inspector.use([...detectors, dialogs, judge.trust, this.badEvents]);
    const { rows } = this.sources;
    for (const detector of this.inspector.detectors) detector.grow?.(rows);
  }

  private forgetCounts(row: number): void {
    for (const detector of this.inspector.detectors) detector.forget?.(row);
  }

  private takeVerdicts(): readonly Verdict[] {
    if (this.judge.verdicts.length === 0) return NO_VERDICTS;
    const verdicts = this.judge.verdicts;
    this.judge.verdicts = [];
    return verdicts;
  }
}
