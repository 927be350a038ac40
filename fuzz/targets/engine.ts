/**
 * The whole engine: any IP packets, in any order, from either side. Never throws, keeps its tables within their bounds, and never
 * blocks what is on the allowlist, whatever the bytes are.
 */
import { readdirSync } from 'node:fs';
import { createFrame, openCapture } from '../../src/capture/pcap-file.ts';
import { parseRange } from '../../src/core/base/address.ts';
import { SIDE_IN, SIDE_OUT, type Frame } from '../../src/core/base/frame.ts';
import { packRanges } from '../../src/core/base/packed-ranges.ts';
import { Engine } from '../../src/core/engine.ts';
import { INCIDENTS_OPEN_MAX } from '../../src/core/judge/incidents.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { defaultDocument } from '../../src/policy/default-document.ts';
import { promise, type Target } from '../target.ts';

/** One engine for many inputs, so that what one packet leaves behind meets the next; a new one before it grows old. */
const INPUTS_PER_ENGINE = 2_000;
const SOURCES_MAX = 1 << 12;
const PACKETS_PER_CAPTURE = 24;

const policy = compilePolicy(defaultDocument);
let engine: Engine | null = null;
let inputs = 0;
let now = 1_800_000_000_000;

export const target: Target = {
  name: 'engine',
  weight: 1,
  seeds: recordedPackets,
  check(input, vary) {
    if (engine === null || ++inputs % INPUTS_PER_ENGINE === 0) engine = freshEngine(vary);
    // A packet of its own offset in a larger buffer, as a capture hands it over.
    const bytes = new Uint8Array(input.length + 16);
    bytes.set(input, 8);
    const side = vary % 3 === 0 ? SIDE_OUT : SIDE_IN;
    const frame: Frame = { bytes, start: 8, end: 8 + input.length, wireLength: input.length, side };
    now += vary % 50;
    const verdicts = engine.step(frame, now);
    for (const { source, action } of verdicts) {
      const harmless = action === 'pass' || action === 'watch';
      promise(harmless || !source.startsWith('203.0.113.'), `${action} of ${source}, which is allowlisted`);
    }
    if (vary % 64 === 0) engine.wake(now);
    if (vary % 16 !== 0) return;
    for (const { incident, evidence } of engine.takeChanges()) {
      promise(incident.count > 0 && incident.first <= incident.last, `incident ${JSON.stringify(incident)}`);
      promise(
        evidence.every((item) => item.bytes.length <= item.length),
        'evidence longer than its message',
      );
    }
    const { sources, incidentsOpen } = engine.tables;
    promise(
      sources <= SOURCES_MAX && incidentsOpen <= INCIDENTS_OPEN_MAX,
      `${sources} sources, ${incidentsOpen} incidents`,
    );
  },
};

function freshEngine(seed: number): Engine {
  const allow = packRanges([parseRange('203.0.113.0/24')!]);
  return new Engine({ policy, seed, allow, sourcesMax: SOURCES_MAX, simulateDrops: seed % 2 === 0 });
}

/** The first packets of every recorded capture: real requests and answers over UDP and TCP, IPv4 and IPv6. */
function recordedPackets(): Uint8Array[] {
  const folder = new URL('../../spec/attacks/', import.meta.url);
  const packets: Uint8Array[] = [];
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.pcap'))
    .sort()) {
    const capture = openCapture(new URL(name, folder).pathname);
    const frame = createFrame();
    for (let i = 0; i < PACKETS_PER_CAPTURE && capture.next(frame); i++) {
      packets.push(frame.bytes.slice(frame.start, frame.end));
    }
    capture.close();
  }
  return packets;
}
