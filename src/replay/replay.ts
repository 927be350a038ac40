/**
 * Runs the engine over a capture: what would have been detected and blocked. Needs no privileges and changes nothing. Memory is flat
 * whatever the size of the file: it is read twice (first to infer which side is ours), never held.
 */
import { statSync } from 'node:fs';
import { createFrame, openCapture } from '../capture/pcap-file.ts';
import type { Address, AddressRange } from '../core/base/address.ts';
import { formatRange } from '../core/base/address.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import type { Policy } from '../core/base/policy.ts';
import type { Segments } from '../core/base/segments.ts';
import { createPacket, decodePacket } from '../core/decode/ip/decode.ts';
import { Engine } from '../core/engine.ts';
import { protectedRanges, SideScan, type ProtectedSide } from './protected-side.ts';
import { isoTime, PROTECTED_LISTED_MAX, ReplayLog, type ReplayResult } from './result.ts';

export interface ReplayOptions {
  policy: Policy;
  allow?: AddressRange[];
  deny?: AddressRange[];
  /** Which side is ours; empty or absent: inferred from the capture. */
  protect?: AddressRange[];
  /** Never blocked, as the addresses of the machine that made the capture. */
  own?: Address[];
  /** Which autonomous system announces an address; absent: nothing is counted by them. */
  asns?: Segments;
}

export interface ReplayProgress {
  /** 1: inferring the protected side; 2: running the engine. With `protect` given there is only the second. */
  pass: 1 | 2;
  /** Bytes of the file read in this pass, and its size. */
  position: number;
  size: number;
  frames: number;
}

/** The replay cannot be made, for a reason that the user can change. */
export class ReplayError extends Error {
  readonly code: 'replay-needs-a-file';

  constructor(code: 'replay-needs-a-file', message: string) {
    super(message);
    this.name = 'ReplayError';
    this.code = code;
  }
}

/** A fixed secret: a capture gives the same verdicts on every run (design: purity). */
const REPLAY_SEED = 0x52_49_4e_47;
const PROGRESS_FRAMES = 8_192;
/** Wakes for one gap of the capture; after these one more at its end does the rest. */
const WAKES_MAX = 16;

export function replayFile(
  path: string,
  options: ReplayOptions,
  onProgress?: (progress: ReplayProgress) => void,
): ReplayResult {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { policy, protect = [], allow = [], deny = [], own = [] } = options;
  const side =
    protect.length > 0 ? protectedRanges(policy, protect, protect.map(formatRange)) : infer(path, policy, onProgress);
  const engine = new Engine({
    ...{ policy, seed: REPLAY_SEED, own, simulateDrops: true, sideOf: (packet) => side.sideOf(packet) },
    ...{ allow: packRanges(allow), deny: packRanges(deny) },
  });
  if (options.asns) engine.memory.asns = options.asns;
  const log = new ReplayLog();
  const warnings: string[] = [];
  let first = 0;
  let last = 0;

  const capture = openCapture(path);
  try {
    const frame = createFrame();
    let frames = 0;
    while (capture.next(frame)) {
      const at = frame.at;
      if (frames === 0) first = last = at;
      else if (at < first) first = at;
      else if (at > last) last = at;
      for (let wakes = 0, due = engine.wakeAt(); due <= at; due = engine.wakeAt()) {
        log.addVerdicts(engine.wake(++wakes > WAKES_MAX ? at : due));
        if (wakes > WAKES_MAX) break;
      }
      const verdicts = engine.step(frame, at);
      if (verdicts.length > 0) log.addVerdicts(verdicts);
      if (++frames % PROGRESS_FRAMES === 0) {
        log.addChanges(engine.takeChanges());
        onProgress?.({ pass: 2, position: capture.position, size: capture.size, frames });
      }
    }
    log.addVerdicts(engine.finish(last));
    log.addChanges(engine.takeChanges());
    onProgress?.({ pass: 2, position: capture.size, size: capture.size, frames });
  } finally {
    warnings.push(...capture.warnings);
    capture.close();
  }

  if (side.incomplete) warnings.push('too many endpoints to infer the protected side with certainty: use --protect');
  if (side.inferredFrom === 'requests')
    warnings.push('no answers were seen: the protected side is inferred from the requests');
  const { counters } = engine;
  const used = process.cpuUsage(cpu);
  const empty = counters.frames === 0;
  return {
    file: path,
    frames: counters.frames,
    sip: {
      messages: counters.messages,
      keepalives: counters.keepalives,
      requests: Object.fromEntries(counters.requests),
      responses: Object.fromEntries(counters.responses),
      anomalies: Object.fromEntries(counters.anomalies),
    },
    tftp: { requests: counters.tftpRequests, errors: counters.tftpErrors },
    incidents: log.incidents,
    verdicts: log.verdicts,
    verdictsTotal: log.verdictsTotal,
    seconds: Math.round(last - first) / 1_000,
    first: empty ? null : isoTime(first),
    last: empty ? null : isoTime(last),
    protected: {
      from: side.inferredFrom,
      endpoints: side.names.slice(0, PROTECTED_LISTED_MAX),
      total: side.names.length,
    },
    warnings: [...warnings, ...log.warnings],
    cpuSeconds: (used.user + used.system) / 1e6,
    elapsedSeconds: (performance.now() - started) / 1_000,
  };
}

function infer(path: string, policy: Policy, onProgress?: (progress: ReplayProgress) => void): ProtectedSide {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    const why =
      'is not a file, so it can be read only once, and finding out which side is ours takes a reading of its own';
    throw new ReplayError(
      'replay-needs-a-file',
      `${path} ${why}: say --protect CIDR, or save the capture to a file first`,
    );
  }
  const scan = new SideScan(policy);
  const capture = openCapture(path);
  try {
    const packet = createPacket();
    const frame = createFrame();
    let frames = 0;
    while (capture.next(frame)) {
      if (decodePacket(frame.bytes, frame.start, frame.end, packet) === null) scan.observe(packet);
      if (++frames % PROGRESS_FRAMES === 0)
        onProgress?.({ pass: 1, position: capture.position, size: capture.size, frames });
    }
  } finally {
    capture.close();
  }
  return scan.elect();
}
