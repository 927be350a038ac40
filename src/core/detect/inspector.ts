/**
 * From a message to the detectors: finds out who attacks whom, which exchange the message belongs to and what its answer means, and
 * shows the sighting to each detector in turn.
 */
import type { Anomaly } from '../base/anomaly.ts';
import type { Counters } from '../base/counters.ts';
import { SIDE_OUT, SIDE_UNKNOWN } from '../base/frame.ts';
import { HashedRing } from '../base/hashed-ring.ts';
import type { Lines } from '../base/lines.ts';
import type { SourceTable } from '../base/source-table.ts';
import type { Packet } from '../decode/ip/packet.ts';
import { ANOMALIES, hasSevere } from '../decode/sip/anomalies.ts';
import { createSipMessage, decodeSip } from '../decode/sip/decode.ts';
import { KIND_KEEPALIVE, KIND_NONE, KIND_REQUEST, KIND_RESPONSE } from '../decode/sip/message.ts';
import { hashSpan, userHash } from '../decode/sip/text.ts';
import { createTftpMessage, decodeTftp, TFTP_ERROR, TFTP_RRQ, TFTP_WRQ } from '../decode/tftp/decode.ts';
import { Accounts } from './accounts.ts';
import type { Detector, Findings } from './detector.ts';
import { Exchanges } from './exchanges.ts';
import { EXPIRES_QUERY, isChallenge, type Sighting } from './sighting.ts';
import { Victims } from './victims.ts';

/** What a message is to us: sent to a protected port, sent from one, or only seen there. */
export const REQUEST = 0;
export const ANSWER = 1;
export const COUNTED_ONLY = 2;
export type Role = typeof REQUEST | typeof ANSWER | typeof COUNTED_ONLY;

/** A detector's method, taken out: to look it up by name in detectors of a dozen shapes costs more than many of them do. */
interface Call<M extends keyof Detector> {
  of: Detector;
  run: NonNullable<Detector[M]>;
}

/** TFTP transfers asked for and not answered yet; more than any server has at once. */
export const TRANSFERS_MAX = 1 << 14;

export class Inspector {
  readonly exchanges: Exchanges;
  detectors: readonly Detector[] = [];
  /** The detectors by what they look at, so that no message asks each of them what it can do. */
  private onLoad: Call<'load'>[] = [];
  private onMalformed: Call<'malformed'>[] = [];
  private onRequest: Call<'request'>[] = [];
  private onAnswer: Call<'answer'>[] = [];
  private onSent: Call<'sent'>[] = [];
  private onReply: Call<'reply'>[] = [];
  private readonly accounts = new Accounts();
  private readonly victims = new Victims();
  private readonly transfers = new HashedRing(TRANSFERS_MAX);
  private readonly transferFile = new Uint32Array(TRANSFERS_MAX);
  private readonly transferPort = new Uint16Array(TRANSFERS_MAX);
  private readonly sighting: Sighting;
  private readonly sources: SourceTable;
  private readonly lines: Lines;
  private readonly counters: Counters;
  private readonly findings: Findings;
  private readonly seed: number;

  constructor(
    seed: number,
    sources: SourceTable,
    lines: Lines,
    counters: Counters,
    findings: Findings,
    exchanges: Exchanges,
  ) {
    this.seed = seed >>> 0;
    this.sources = sources;
    this.lines = lines;
    this.counters = counters;
    this.findings = findings;
    this.exchanges = exchanges;
    this.sighting = createSighting();
  }

  use(detectors: readonly Detector[]): void {
    this.detectors = detectors;
    this.onLoad = callsOf(detectors, 'load');
    this.onMalformed = callsOf(detectors, 'malformed');
    this.onRequest = callsOf(detectors, 'request');
    this.onAnswer = callsOf(detectors, 'answer');
    this.onSent = callsOf(detectors, 'sent');
    this.onReply = callsOf(detectors, 'reply');
  }

  /** One SIP message, or what should be one. `handshake`: its TCP connection is known to be made, not forged. */
  sip(
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: Packet,
    role: Role,
    tcp: boolean,
    handshake: boolean,
    now: number,
  ): void {
    const s = this.sighting;
    const m = s.sip;
    decodeSip(bytes, start, end, m);
    for (let i = 0; i < m.anomalies.length; i++) this.counters.anomaly(m.anomalies[i].code);
    if (m.kind === KIND_KEEPALIVE) {
      this.counters.keepalives++;
      return;
    }
    if (m.kind === KIND_REQUEST) this.counters.request(m.method);
    else if (m.kind !== KIND_NONE) this.counters.response(m.status);
    if (role === COUNTED_ONLY) return;
    const answer = role === ANSWER;
    this.place(packet, answer, tcp, now);
    if (handshake) s.proof = 'tcp';
    s.bytes = bytes;
    s.start = start;
    s.end = end;
    if (!answer) this.inbound(s);
    else if (m.kind === KIND_REQUEST) this.sentByUs(s);
    else if (m.kind !== KIND_NONE) this.answered(s);
  }

  /** What kept a TCP stream from being cut into messages; `bytes[start, end)` is the piece in which it showed. */
  streamDefects(
    found: Anomaly[],
    bytes: Uint8Array,
    start: number,
    end: number,
    p: Packet,
    role: Role,
    handshake: boolean,
    now: number,
  ): void {
    let severe = false;
    for (const { code } of found) {
      this.counters.anomaly(code);
      if (ANOMALIES[code]?.severity === 'severe') severe = true;
    }
    if (!severe || role !== REQUEST) return;
    const s = this.sighting;
    this.place(p, false, true, now);
    if (handshake) s.proof = 'tcp';
    decodeSip(bytes, start, end, s.sip);
    s.bytes = bytes;
    s.start = start;
    s.end = end;
    for (const { of, run } of this.onMalformed) run.call(of, s, this.findings);
    for (const { of, run } of this.onLoad) run.call(of, s, this.findings);
  }

  /** A datagram to a TFTP port, or one that may answer a transfer. Of frames whose side is not known requests are counted only. */
  tftp(bytes: Uint8Array, start: number, end: number, packet: Packet, now: number): void {
    const answer = packet.side === SIDE_OUT;
    const s = this.sighting;
    decodeTftp(bytes, start, end, s.tftp);
    for (let i = 0; i < s.tftp.anomalies.length; i++) this.counters.anomaly(s.tftp.anomalies[i].code);
    const { opcode } = s.tftp;
    const request = opcode === TFTP_RRQ || opcode === TFTP_WRQ;
    if (answer ? opcode !== TFTP_ERROR : !request) return;
    if (!answer) this.counters.tftpRequests++;
    if (packet.side === SIDE_UNKNOWN) return;
    this.place(packet, answer, false, now);
    s.overTftp = true;
    s.bytes = bytes;
    s.start = start;
    s.end = end;
    const key = transferKey(s.row, s.phone);
    let slot = this.transfers.find(s.phone, key);
    if (answer) {
      if (slot < 0) return;
      this.counters.tftpErrors++;
      s.user = this.transferFile[slot];
      s.servicePort = this.transferPort[slot];
      for (const detector of this.detectors) detector.tftpError?.(s, this.findings);
      return;
    }
    s.user = hashSpan(bytes, s.tftp.fileStart, s.tftp.fileEnd, this.seed) || 1;
    if (slot < 0) slot = this.transfers.add(s.phone, key);
    this.transferFile[slot] = s.user;
    this.transferPort[slot] = s.servicePort;
    for (const detector of this.detectors) detector.tftpRequest?.(s, this.findings);
  }

  /** Whether a datagram from any port of ours may answer a transfer of this client (RFC 1350 §4: the server picks its own port). */
  awaitsTransfer(packet: Packet): boolean {
    if (packet.side !== SIDE_OUT) return false;
    const { dst0, dst1, dst2, dst3, dstPort } = packet;
    const line = this.lines.has(dst0, dst1);
    const row = this.sources.find(dst0, dst1, line ? 0 : dst2, line ? 0 : dst3);
    if (row < 0) return false;
    const phone = this.lines.phone(line ? this.lines.host(dst2, dst3) : 0, dstPort);
    return this.transfers.find(phone, transferKey(row, phone)) >= 0;
  }

  private inbound(s: Sighting): void {
    const m = s.sip;
    // A capture that cut the packet (snaplen) shows defects that the sender did not make.
    const severe = !s.cut && (m.kind === KIND_NONE || hasSevere(m));
    const request = m.kind === KIND_REQUEST;
    // ACK ends an INVITE and is never answered (RFC 3261 §17); it is no attempt of its own.
    if (request && m.method !== 'ACK') this.enter(s);
    else if (request) {
      const answered = this.exchanges.acknowledged(s);
      if (answered !== null) this.findings.acknowledged(s, answered === 'call');
      s.exchange = -1;
      s.method = '';
      s.user = 0;
    }
    const { onRequest, onReply, onMalformed, onLoad, findings } = this;
    if (m.kind === KIND_RESPONSE && onReply.length > 0) {
      s.method = m.cseqMethod;
      s.call = this.exchanges.callOf(m);
      for (let i = 0; i < onReply.length; i++) onReply[i].run.call(onReply[i].of, s, findings);
    }
    if (request) for (let i = 0; i < onRequest.length; i++) onRequest[i].run.call(onRequest[i].of, s, findings);
    if (severe) for (let i = 0; i < onMalformed.length; i++) onMalformed[i].run.call(onMalformed[i].of, s, findings);
    for (let i = 0; i < onLoad.length; i++) onLoad[i].run.call(onLoad[i].of, s, findings);
  }

  private enter(s: Sighting): void {
    const m = s.sip;
    const register = m.method === 'REGISTER';
    const start = register || m.uriUserStart < 0 ? m.toUserStart : m.uriUserStart;
    const end = register || m.uriUserStart < 0 ? m.toUserEnd : m.uriUserEnd;
    this.exchanges.request(s, start < 0 ? 0 : userHash(m.bytes, start, end, this.seed) || 1);
    s.blind = this.victims.blind(s.victim0, s.victim1, s.victim2, s.victim3, s.now);
    this.noteAge(s);
  }

  private noteAge(s: Sighting): void {
    s.newVictim = this.victims.isNew(s.victim0, s.victim1, s.victim2, s.victim3, s.now);
    s.oldNonce = s.newVictim && s.hadCredentials && !this.exchanges.nonces.usedBy(s);
  }

  /** What the protected side asks of others opens dialogs, too; it is nobody's attack. */
  private sentByUs(s: Sighting): void {
    if (this.onSent.length === 0) return;
    s.method = s.sip.method;
    s.call = this.exchanges.callOf(s.sip);
    for (let i = 0; i < this.onSent.length; i++) this.onSent[i].run.call(this.onSent[i].of, s);
  }

  private answered(s: Sighting): void {
    const { status, challengeStale } = s.sip;
    this.victims.answered(s.victim0, s.victim1, s.victim2, s.victim3, s.now);
    this.exchanges.answer(s);
    this.noteAge(s);
    s.wrongCredentials = false;
    s.proved = false;
    s.customer = false;
    if (isChallenge(status)) {
      this.victims.challenged(s.victim0, s.victim1, s.victim2, s.victim3, s.method);
      this.exchanges.nonces.sent(s);
    }
    if (s.firstFinal && s.hadCredentials) {
      s.customer = this.accounts.gotIn(s.row, s.account, s.now);
      // Evasion: invented credentials in a request that is answered 200 without looking at them (OPTIONS, CANCEL) prove nothing.
      if (status < 300) s.proved = this.victims.challenges(s.victim0, s.victim1, s.victim2, s.victim3, s.method);
      if (s.proved) this.accounts.success(s.row, s.account, s.nonce, s.now);
      // The challenge of a server that only wants a new nonce: stale=true (RFC 7616 §3.3), or a nonce that was good before.
      else if (isChallenge(status)) s.wrongCredentials = !challengeStale && !this.onlyWantsNewNonce(s);
      else if (status === 403) s.wrongCredentials = !s.customer;
    }
    const { onAnswer, findings } = this;
    for (let i = 0; i < onAnswer.length; i++) onAnswer[i].run.call(onAnswer[i].of, s, findings);
  }

  private onlyWantsNewNonce({ row, account, nonce, oldNonce, now }: Sighting): boolean {
    return this.accounts.pardon(account, nonce) || (oldNonce && this.accounts.excuse(row, account, now));
  }

  /** Fills in who and whom: the source is always the other side's address. */
  private place(p: Packet, answer: boolean, tcp: boolean, now: number): void {
    const s = this.sighting;
    s.now = now;
    s.answer = answer;
    s.tcp = tcp;
    s.cut = p.truncated;
    s.source0 = answer ? p.dst0 : p.src0;
    s.source1 = answer ? p.dst1 : p.src1;
    s.source2 = answer ? p.dst2 : p.src2;
    s.source3 = answer ? p.dst3 : p.src3;
    s.sourcePort = answer ? p.dstPort : p.srcPort;
    s.victim0 = answer ? p.src0 : p.dst0;
    s.victim1 = answer ? p.src1 : p.dst1;
    s.victim2 = answer ? p.src2 : p.dst2;
    s.victim3 = answer ? p.src3 : p.dst3;
    s.victimPort = answer ? p.srcPort : p.dstPort;
    s.servicePort = s.victimPort;
    s.overTftp = false;
    s.call = 0;
    const line = this.lines.has(s.source0, s.source1);
    s.row = this.sources.see(s.source0, s.source1, line ? 0 : s.source2, line ? 0 : s.source3, now);
    s.host = line ? this.lines.host(s.source2, s.source3) : 0;
    s.phone = this.lines.phone(s.host, s.sourcePort);
    s.method = '';
    s.user = 0;
    s.account = 0;
    s.nonce = 0;
    s.fresh = true;
    s.hadCredentials = false;
    s.wrongCredentials = false;
    s.proved = false;
    s.customer = false;
    s.firstFinal = false;
    s.exchange = -1;
    s.blind = false;
    s.newVictim = false;
    s.oldNonce = false;
    s.proof = null;
    s.expires = EXPIRES_QUERY;
  }
}

function transferKey(row: number, phone: number): number {
  return Math.imul(row ^ Math.imul(phone, 0x9e3779b1), 0x85ebca77) >>> 0;
}

function callsOf<M extends 'load' | 'malformed' | 'request' | 'answer' | 'sent' | 'reply'>(
  detectors: readonly Detector[],
  method: M,
): Call<M>[] {
  return detectors.flatMap((of) => {
    const run = of[method];
    return run === undefined ? [] : [{ of, run: run as NonNullable<Detector[M]> }];
  });
}

function createSighting(): Sighting {
  return {
    ...{ now: 0, row: 0, host: 0, phone: 0, source0: 0, source1: 0, source2: 0, source3: 0, sourcePort: 0 },
    ...{ victim0: 0, victim1: 0, victim2: 0, victim3: 0, victimPort: 0, servicePort: 0 },
    ...{ tcp: false, cut: false, answer: false, overTftp: false, call: 0 },
    ...{ sip: createSipMessage(), tftp: createTftpMessage(), bytes: new Uint8Array(0), start: 0, end: 0 },
    ...{ method: '', user: 0, fresh: true, hadCredentials: false, account: 0, nonce: 0 },
    ...{ wrongCredentials: false, proved: false, customer: false, firstFinal: false, exchange: -1, blind: false },
    ...{ newVictim: false, oldNonce: false },
    ...{ proof: null, expires: EXPIRES_QUERY },
  };
}
