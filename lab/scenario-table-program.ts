/**
 * Sends a capture as it was made: what comes from the PBXs of the table from their namespace, all else from the other. The argument is
 * one JSON object (`Plan`). One thread for both, so that an answer never overtakes its request.
 */
import { openCapture } from '../src/capture/pcap-file.ts';
import { enterNamespace, openSink, RawSender, Sleep } from '../bench/sockets.ts';

export interface Plan {
  capture: string;
  /** Namespaces. */
  outside: string;
  inside: string;
}

/** A request is through the router and both kernels before its answer leaves. */
const TURN_MS = 0.15;
const PBX_FIRST_OCTETS = [198, 19];

const plan = JSON.parse(process.argv[2]) as Plan;
enterNamespace(plan.outside);
const outside = new RawSender();
enterNamespace(plan.inside);
const inside = new RawSender();
for (const port of [5060, 69]) openSink('0.0.0.0', port);

const capture = openCapture(plan.capture);
const frame = capture.createFrame();
const sleep = new Sleep();
const began = performance.now();
let first = -1;
let lastOutside = 0;
let sent = 0;
let late = 0;
for (let at = capture.next(frame); at; at = capture.next(frame)) {
  const time = frame.at;
  if (first < 0) first = time;
  const packet = frame.bytes.subarray(frame.start, frame.end);
  const ours = PBX_FIRST_OCTETS.every((octet, i) => packet[12 + i] === octet);
  const ahead = time - first - (performance.now() - began);
  sent++;
  late = Math.max(late, -ahead);
  if (ahead > 0.2) sleep.microseconds(ahead * 1_000);
  // Sleeping for so short a time would put a late player further behind.
  if (ours) while (performance.now() - lastOutside < TURN_MS);
  (ours ? inside : outside).send(packet);
  if (!ours) lastOutside = performance.now();
}
console.log(`${sent} packets in ${Math.round(performance.now() - began)} ms, at most ${Math.round(late)} ms late`);
const { refused } = outside;
if (refused + inside.refused > 0) throw new Error(`the kernel refused ${refused} and ${inside.refused} packets`);
