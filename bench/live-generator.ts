/**
 * Replays a capture on the wire at a steady rate: requests from the outside namespace, the PBX's answers from its own. Arguments are
 * one JSON object (`Plan`); prints one JSON line (`Sent`).
 */
import { openCapture } from '../src/capture/pcap-file.ts';
import { PBX } from '../spec/traffic/good-cases.ts';
import { enterNamespace, openSink, RawSender, Sleep } from './sockets.ts';

export interface Plan {
  capture: string;
  /** Frames of the capture to leave out first. */
  skip: number;
  packets: number;
  packetsPerSecond: number;
  outside: string;
  inside: string;
}

export interface Sent {
  packets: number;
  refused: number;
  seconds: number;
}

/** A wake-up sends what is due: at 50,000 packets a second 25 packets. */
const SLOT_MICROSECONDS = 500;
/** What is behind is caught up slowly: a generator that stood still must not become a burst that no line would carry. */
const BURST_PACKETS_MAX = 200;
/** A PBX that does not keep up with the plan ends it late; this late is never. */
const OVERTIME = 3;

const plan = JSON.parse(process.argv[2]) as Plan;
enterNamespace(plan.outside);
const requests = new RawSender();
enterNamespace(plan.inside);
const answers = new RawSender();
openSink(PBX.host, PBX.port);

const capture = openCapture(plan.capture);
const frame = capture.createFrame();
for (let i = 0; i < plan.skip; i++) capture.next(frame);
const pbx = [PBX.address.w3 >>> 24, (PBX.address.w3 >>> 16) & 255, (PBX.address.w3 >>> 8) & 255, PBX.address.w3 & 255];

const sleep = new Sleep();
const started = performance.now();
const deadline = started + (OVERTIME * plan.packets * 1_000) / plan.packetsPerSecond;
let sent = 0;
for (let now = started; sent < plan.packets && now < deadline; now = performance.now()) {
  const due = Math.min(plan.packets, Math.floor(((now - started) * plan.packetsPerSecond) / 1_000));
  const until = Math.min(due, sent + BURST_PACKETS_MAX);
  for (; sent < until; sent++) {
    if (!capture.next(frame)) throw new Error(`the capture has only ${plan.skip + sent} frames`);
    const packet = frame.bytes.subarray(frame.start, frame.end);
    (fromPbx(packet) ? answers : requests).send(packet);
  }
  sleep.microseconds(SLOT_MICROSECONDS);
}
const seconds = (performance.now() - started) / 1_000;
const result: Sent = { packets: sent, refused: requests.refused + answers.refused, seconds };
console.log(JSON.stringify(result));

function fromPbx(packet: Uint8Array): boolean {
  return packet[12] === pbx[0] && packet[13] === pbx[1] && packet[14] === pbx[2] && packet[15] === pbx[3];
}
