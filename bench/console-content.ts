/** What a busy year's worth of a store looks like, made up the same in every run: skewed, as real attacks are. */
import { targetFields, type BlockRecord, type GuardReport } from '../src/channel/protocol.ts';
import type { Address } from '../src/core/base/address.ts';
import type { EvidenceItem } from '../src/core/base/evidence.ts';
import { DETECTORS } from '../src/core/base/policy.ts';
import { parseTarget } from '../src/core/base/target.ts';
import type { Incident } from '../src/core/judge/incident.ts';
import type { Verdict } from '../src/core/judge/verdict.ts';
import { NO_ARGUMENT } from '../src/core/judge/argument.ts';
import type { Place } from '../src/store/store.ts';

const DAY_MS = 86_400_000;
/** 2026-11-22T12:00:00Z */
export const NOW = 1_795_348_800_000;
export const DAYS = 30;
/** Distinct sources; a few of them make most of the attacks. */
const SOURCES = 150_000;
const VICTIMS = 24;
const AGENTS = [
  ...[
    'friendly-scanner',
    'sipvicious',
    'pplsip',
    'sipcli/v1.8',
    'VaxSIPUserAgent/3.1',
    'Z 5.4.12 v2.10.16.3',
    'eyeBeam',
  ],
  ...[
    'Cisco-SIPGateway/IOS-12.x',
    'Asterisk PBX 1.6',
    'PolycomSoundPointIP',
    'Grandstream GXP1620',
    'Yealink SIP-T46G',
  ],
];
const COUNTRIES = 'US NL DE FR RU CN BR IN VN PS GB CA SG HK UA PL IT RO BG SE ES TR ID KR JP ZA EG MX AR IR'.split(
  ' ',
);
/** One in so many attacks still has its messages: evidence is kept for a month, and bounded in bytes. */
const WITH_EVIDENCE = 40;
const OPEN = 40;

/** 0 ≤ x < 1, the same in every run (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Small numbers often, large ones seldom: a Zipf-like draw of 0 … count − 1. */
function skewed(count: number, random: number): number {
  return Math.floor(count ** random) - 1;
}

export function sourceText(i: number): string {
  const word = Math.imul(i + 1, 2_654_435_761) >>> 0;
  return `${1 + ((word >>> 24) % 223)}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Stands for the country data: as many countries and networks as attacks come from. */
export function placeOf({ w3 }: Address): Place {
  const network = Math.imul(w3 >>> 16, 40_503) & 0x3ff;
  return {
    country: COUNTRIES[skewed(COUNTRIES.length, network / 1024)],
    asn: 64_500 + network,
    network: `Example Hosting ${network}`,
  };
}

function incidentAt(i: number, at: number, count: number, random: () => number): Incident {
  const source = skewed(SOURCES, random());
  const kind = DETECTORS[skewed(DETECTORS.length, random())];
  const finding = `${kind}.threshold`;
  const messages = 5 + skewed(50_000, random());
  const users = kind === 'tftp-bruteforce' ? 0 : 1 + skewed(20, random());
  const last = at + Math.floor(random() * 600_000);
  return {
    id: `${at.toString(36)}-${i.toString(36)}`,
    source: sourceText(source),
    sourcePort: 1024 + Math.floor(random() * 60_000),
    victim: `192.0.2.${1 + skewed(VICTIMS, random())}`,
    victimPort: kind === 'tftp-bruteforce' ? 69 : 5060,
    transport: 'udp',
    kind,
    first: at,
    last,
    count: messages,
    dropped: messages * 3,
    users: Array.from({ length: users }, () => String(100 + skewed(5000, random()))),
    usersTotal: users,
    files: kind === 'tftp-bruteforce' ? ['SEP001122334455.cnf.xml', 'cfg001565aabbcc.xml'] : [],
    userAgent: source % 3 === 0 ? AGENTS[source % AGENTS.length] : `${AGENTS[source % AGENTS.length]} ${source % 200}`,
    action: source % 7 === 0 ? 'watch' : 'block',
    ...{ scope: 'address', target: sourceText(source), proof: null, argument: NO_ARGUMENT },
    reason: finding,
    finding,
    closed: i >= count - OPEN ? null : last + 60_000,
  };
}

function evidenceOf({ first, source, sourcePort, victim, victimPort }: Incident): EvidenceItem[] {
  return Array.from({ length: 4 }, (_, n): EvidenceItem => {
    const inward = n % 2 === 0;
    const start = inward ? `REGISTER sip:${100 + n}@${victim} SIP/2.0` : 'SIP/2.0 401 Unauthorized';
    const via = `Via: SIP/2.0/UDP ${source}:${sourcePort};branch=z9hG4bK${first}${n}`;
    const who = `From: <sip:100@${victim}>;tag=${n}\r\nTo: <sip:100@${victim}>\r\nCall-ID: ${first}\r\nCSeq: ${n} REGISTER`;
    const bytes = Buffer.from(`${start}\r\n${via}\r\n${who}\r\nContent-Length: 0\r\n\r\n`);
    const ends = inward
      ? { from: source, fromPort: sourcePort, to: victim, toPort: victimPort }
      : { from: victim, fromPort: victimPort, to: source, toPort: sourcePort };
    return { at: first + n, side: inward ? 'in' : 'out', transport: 'udp', ...ends, bytes, length: bytes.length };
  });
}

function verdictOf(incident: Incident): Verdict {
  const {
    source,
    sourcePort,
    victim,
    victimPort,
    transport,
    action,
    scope,
    target,
    proof,
    argument,
    reason,
    finding,
    kind,
    first,
  } = incident;
  return {
    ...{
      at: first + 50,
      source,
      sourcePort,
      victim,
      victimPort,
      transport,
      action,
      scope,
      target,
      proof,
      argument,
      reason,
      finding,
      kind,
    },
    ...{ count: 5, threshold: 5, windowMs: 60_000, until: first + 3_600_000, blocksBefore: 0, incident: incident.id },
  };
}

/** The attacks of `DAYS` days up to `now`, in the order of time, as the guard reports them. */
export function* incidentReports(count: number, now: number): Generator<GuardReport> {
  const random = numbers(7);
  for (let i = 0; i < count; i++) {
    const at = Math.floor(now - 700_000 - DAYS * DAY_MS * (1 - i / count));
    const incident = incidentAt(i, at, count, random);
    const proven = i % WITH_EVIDENCE === 0;
    yield { type: 'incidents', changes: [{ incident, evidence: proven ? evidenceOf(incident) : [] }] };
    if (proven) yield { type: 'verdict', verdict: verdictOf(incident) };
  }
}

/** Each attack from another address, which nobody has seen before: the cheapest that a flood can forge, and the dearest to keep. */
export function* floodReports(count: number, now: number): Generator<GuardReport> {
  const random = numbers(11);
  for (let i = 0; i < count; i++) {
    const incident = incidentAt(i, now - 1000 + Math.floor(i / count), count, random);
    const source = `${1 + Math.floor(random() * 223)}.${[0, 0, 0].map(() => Math.floor(random() * 256)).join('.')}`;
    yield { type: 'incidents', changes: [{ incident: { ...incident, id: `flood-${i}`, source }, evidence: [] }] };
  }
}

/** As many sources that are blocked at `now`; one in fifty for ever. */
export function* blockReports(count: number, now: number): Generator<GuardReport> {
  for (let i = 0; i < count; i++) {
    const block: BlockRecord = {
      ...targetFields(parseTarget(sourceText(i))!),
      since: now - 3_000_000 + i * 20,
      until: i % 50 === 0 ? null : now + 600_000 + i * 20,
      reason: `${DETECTORS[i % DETECTORS.length]}.threshold`,
      finding: `${DETECTORS[i % DETECTORS.length]}.threshold`,
      incident: null,
      origin: i % 1000 === 0 ? 'manual' : 'automatic',
      dropped: i % 997,
    };
    yield { type: 'blocked', block };
  }
}

export function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
