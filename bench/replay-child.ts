/**
 * One part of a replay in a process of its own, so that its CPU and memory are its alone: `node bench/replay-child.ts PART FILE RUNS`.
 * Prints one JSON line: CPU microseconds of each run, and how many messages it saw.
 *
 * `read`    the frames of the file, nothing done with them
 * `engine`  decode, detect and judge, the frames in memory, after a run that warms the compiler up
 */
import { openCapture } from '../src/capture/pcap-file.ts';
import { SIDE_IN, SIDE_OUT, type Frame, type Side } from '../src/core/base/frame.ts';
import { createPacket, decodePacket } from '../src/core/decode/ip/decode.ts';
import { Engine } from '../src/core/engine.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { defaultDocument } from '../src/policy/default-document.ts';
import { PBX } from '../spec/traffic/good-cases.ts';

const SEED = 0x52_49_4e_47;
/** As often as a replay takes the changed incidents away. */
const CHANGES_EVERY_FRAMES = 8_192;

interface Frames {
  bytes: Uint8Array;
  /** Frame i is `bytes[starts[i], starts[i + 1])`. */
  starts: Uint32Array;
  at: Float64Array;
  side: Uint8Array;
  count: number;
}

const [part, path, runsText] = process.argv.slice(2);
const runs = Number(runsText);
const cpuMicroseconds: number[] = [];
let messages = 0;

if (part === 'read') {
  readAll(path);
  for (let run = 0; run < runs; run++) cpuMicroseconds.push(cpuOf(() => (messages = readAll(path))));
} else {
  const frames = load(path);
  const policy = compilePolicy(defaultDocument);
  const pass = () => {
    const engine = new Engine({ policy, seed: SEED, simulateDrops: true });
    return cpuOf(() => (messages = runEngine(engine, frames)));
  };
  pass();
  for (let run = 0; run < runs; run++) cpuMicroseconds.push(pass());
}
console.log(JSON.stringify({ messages, cpuMicroseconds }));

/** All threads of the process: what the garbage collector and the compiler take beside us counts. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return used.user + used.system;
}

function readAll(file: string): number {
  const capture = openCapture(file);
  const frame = capture.createFrame();
  let count = 0;
  while (capture.next(frame)) count++;
  capture.close();
  return count;
}

function load(file: string): Frames {
  const count = readAll(file);
  const capture = openCapture(file);
  const bytes = new Uint8Array(capture.size);
  const frames: Frames = {
    bytes,
    starts: new Uint32Array(count + 1),
    at: new Float64Array(count),
    side: new Uint8Array(count),
    count,
  };
  const frame = capture.createFrame();
  const packet = createPacket();
  for (let i = 0, used = 0; i < count; i++) {
    if (!capture.next(frame)) throw new Error(`${file} grew shorter`);
    bytes.set(frame.bytes.subarray(frame.start, frame.end), used);
    used += frame.end - frame.start;
    frames.starts[i + 1] = used;
    frames.at[i] = frame.at;
    decodePacket(frame.bytes, frame.start, frame.end, packet);
    frames.side[i] = packet.src3 === PBX.address.w3 && packet.srcPort === PBX.port ? SIDE_OUT : SIDE_IN;
  }
  capture.close();
  return frames;
}

/** What the live sensor and the replay do for each frame. */
function runEngine(engine: Engine, frames: Frames): number {
  const frame: Frame = { bytes: frames.bytes, start: 0, end: 0, wireLength: 0, side: SIDE_IN };
  for (let i = 0; i < frames.count; i++) {
    frame.start = frames.starts[i];
    frame.end = frames.starts[i + 1];
    frame.wireLength = frame.end - frame.start;
    frame.side = frames.side[i] as Side;
    const at = frames.at[i];
    if (engine.wakeAt() <= at) engine.wake(at);
    engine.step(frame, at);
    if (i % CHANGES_EVERY_FRAMES === 0) engine.takeChanges();
  }
  engine.finish(frames.at[frames.count - 1]);
  return engine.counters.messages;
}
