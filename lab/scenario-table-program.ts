/**
 * Sends a capture as it was made: what comes from the PBXs of the table from their namespace, all else from the other. The argument is
 * one JSON object (`Plan`). One thread for both, so that an answer never overtakes its request.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { openCapture } from '../src/capture/pcap-file.ts';
import { enterNamespace, openSink, RawSender, Sleep } from '../bench/sockets.ts';

export interface Plan {
  capture: string;
  /** Namespaces. */
  outside: string;
  inside: string;
  /** File of the sensor's clock (`packet-clock.ts`), which is then set to the time of each packet; absent: real time. */
  clock?: string | undefined;
  /** How far that clock is ahead of the packets' own times; absent: the first packet is now. */
  shift?: number;
}

/** A request is through the router and both kernels before its answer leaves. */
const TURN_MS = 0.15;
/** nanosleep(2) takes less than a second in its nanoseconds. */
const NAP_MS = 900;
/** Source 198.19.0.0/16, or 2001:db8:c613::/48: in both headers the same two bytes at the same place. */
const PBX_PREFIX = Buffer.from([0xc6, 0x13]);
const PREFIX_AT = 12;
/** proc(5), `net/netlink`: the protocol that packets for the sensor come by. */
const NETLINK_NETFILTER = '12';
/** A step of the clock that could matter: the sensor is given time to go back to sleep before it. */
const STEP_MS = 50;
const ASLEEP_US = 1_000;
/** A packet that was dropped before it could be counted is not waited for longer. */
const LOST_MS = 50;
const STUCK_MS = 2_000;

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
const pace = plan.clock === undefined ? realPace() : packetPace(openSync(plan.clock, 'r+'));
let sent = 0;
for (let at = capture.next(frame); at; at = capture.next(frame)) {
  const packet = frame.bytes.subarray(frame.start, frame.end);
  const ours = PBX_PREFIX.equals(packet.subarray(PREFIX_AT, PREFIX_AT + 2));
  pace.before(frame.at, ours);
  (ours ? inside : outside).send(packet);
  pace.after(ours);
  sent++;
}
console.log(`${sent} packets in ${Math.round(performance.now() - began)} ms${pace.end()}`);
const { refused } = outside;
if (refused + inside.refused > 0) throw new Error(`the kernel refused ${refused} and ${inside.refused} packets`);

interface Pace {
  before: (time: number, ours: boolean) => void;
  after: (ours: boolean) => void;
  end: () => string;
}

function realPace(): Pace {
  let first = -1;
  let lastOutside = 0;
  let late = 0;
  return {
    before(time, ours) {
      if (first < 0) first = time;
      const ahead = time - first - (performance.now() - began);
      late = Math.max(late, -ahead);
      for (let left = ahead; left > 0.2; left -= NAP_MS) sleep.microseconds(Math.min(left, NAP_MS) * 1_000);
      // Sleeping for so short a time would put a late player further behind.
      if (ours) while (performance.now() - lastOutside < TURN_MS);
    },
    after(ours) {
      if (!ours) lastOutside = performance.now();
    },
    end: () => `, at most ${Math.round(late)} ms late`,
  };
}

/** Each packet is with the sensor before the clock goes on: however busy the machine is, every packet has its own time. */
function packetPace(fd: number): Pace {
  const now = () => performance.timeOrigin + performance.now();
  const set = (time: number, stands: 0 | 1) => writeSync(fd, new Float64Array([time, stands]), 0, 16, 0);
  let [shift, last, arrived] = [plan.shift ?? 0, 0, received()];
  return {
    before(time) {
      if (shift === 0) shift = now() - time;
      if (last > 0 && time + shift - last > STEP_MS) sleep.microseconds(ASLEEP_US);
      set((last = time + shift), 1);
    },
    after(ours) {
      if (!ours) arrived++;
      const since = performance.now();
      while (received() < arrived && performance.now() - since < LOST_MS);
      arrived = received();
      while (waiting() && performance.now() - since < STUCK_MS);
    },
    end() {
      sleep.microseconds(ASLEEP_US);
      set(last - now(), 0);
      return `, by the clock of the packets: ${Math.round((last - now()) / 3_600_000)} h`;
    },
  };
}

/** Packets that came into this namespace. */
function received(): number {
  return Number(fields('dev').find(([name]) => name === 'eth0:')![2]);
}

/** Whether anything is on its way to the sensor: gathered for it by the kernel, or not yet read. */
function waiting(): boolean {
  const gathered = fields('netfilter/nfnetlink_log').some(([, , packets]) => Number(packets) > 0);
  return (
    gathered || fields('netlink').some(([, protocol, , , bytes]) => protocol === NETLINK_NETFILTER && bytes !== '0')
  );
}

function fields(file: string): string[][] {
  const lines = readFileSync(`/proc/thread-self/net/${file}`, 'latin1').split('\n');
  return lines.map((line) => line.trim().split(/\s+/));
}
