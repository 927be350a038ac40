/**
 * Watches an attack from outside, whoever defends: a capture at the PBX's network card, which sees packets before anything is dropped,
 * on the kernel's clock; and the kernel's own count, behind every drop, of what came through from each source. Both cost the watched
 * nothing: tcpdump sleeps until a second's worth of packets is there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program, run, until } from '../lab/process.ts';
import { openCapture } from '../src/capture/pcap-file.ts';
import { createPacket, decodePacket, PROTOCOL_UDP } from '../src/core/decode/ip/decode.ts';
import { GUESS, MARKER } from './reaction-attacker.ts';

export const PROBE_PORT = 40_000;
const SIP_PORT = 5060;
const TABLE = 'rf-bench';
/** Whole messages: a packet that was cut off is not decoded. */
const SNAPLEN = 2_000;
const CAPTURE_MS = 10_000;

/** What the wire saw of one source; times in milliseconds on the capture's clock. */
export interface Seen {
  /** Arrivals of requests (the first, without credentials, included) and of probes. */
  requests: number[];
  probes: number[];
  /** When each guess arrived, and when its first refusal left, by its number. */
  guessAt: Map<number, number>;
  refusals: { guess: number; at: number }[];
}

export class Watch {
  readonly #namespace: string;
  readonly #directory: string;
  readonly #tcpdump: Program;

  private constructor(namespace: string, directory: string, tcpdump: Program) {
    this.#namespace = namespace;
    this.#directory = directory;
    this.#tcpdump = tcpdump;
  }

  static async start(namespace: string): Promise<Watch> {
    // Priority 300: behind Ringfence's drops (prerouting) and fail2ban's (input, -1). Probes end here: the kernel answers nothing.
    const input = `table inet ${TABLE} {
      set requests { type ipv4_addr; size 4096; flags dynamic; counter; }
      set probes { type ipv4_addr; size 4096; flags dynamic; counter; }
      chain input {
        type filter hook input priority 300; policy accept;
        udp dport ${SIP_PORT} update @requests { ip saddr counter }
        udp dport ${PROBE_PORT} update @probes { ip saddr counter } drop
      }
    }`;
    await run(['nft', '-f', '-'], { namespace, input });
    const directory = mkdtempSync(join(tmpdir(), 'rf-bench-watch-'));
    const file = join(directory, 'wire.pcap');
    const filter = `udp and (port ${SIP_PORT} or port ${PROBE_PORT})`;
    const options = [
      '-i',
      'eth0',
      '-n',
      '-U',
      '-s',
      `${SNAPLEN}`,
      '-B',
      '65536',
      '--time-stamp-precision=nano',
      '-w',
      file,
    ];
    const tcpdump = new Program('tcpdump', namespace, ['tcpdump', ...options, filter]);
    await tcpdump.says(/listening on/, 5_000);
    return new Watch(namespace, directory, tcpdump);
  }

  /** After the attacker has sent its marker: everything that the wire saw, by source. */
  async wire(): Promise<Map<string, Seen>> {
    const file = join(this.#directory, 'wire.pcap');
    const seen = await until('the capture is complete', CAPTURE_MS, async () => readWire(file), 500);
    const { output } = await this.#tcpdump.stop('SIGINT');
    const dropped = Number(/(\d+) packets? dropped by kernel/.exec(output)?.[1] ?? NaN);
    if (dropped !== 0) throw new Error(`the capture is incomplete: ${output.trim()}`);
    return seen;
  }

  /** Packets that came through all filters, by source. */
  async passed(what: 'requests' | 'probes'): Promise<Map<string, number>> {
    const { stdout } = await run(['nft', '-j', 'list', 'set', 'inet', TABLE, what], { namespace: this.#namespace });
    const answer = JSON.parse(stdout) as {
      nftables: { set?: { elem?: { elem: { val: string; counter: { packets: number } } }[] } }[];
    };
    const elements = answer.nftables.flatMap(({ set }) => set?.elem ?? []);
    return new Map(elements.map(({ elem }) => [elem.val, elem.counter.packets]));
  }

  async stop(): Promise<void> {
    if (this.#tcpdump.running) await this.#tcpdump.stop('SIGINT');
    await run(['nft', 'delete', 'table', 'inet', TABLE], { namespace: this.#namespace, mayFail: true });
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Undefined until the marker is in the file. */
function readWire(file: string): Map<string, Seen> | undefined {
  const sources = new Map<string, Seen>();
  const capture = openCapture(file);
  const frame = capture.createFrame();
  const packet = createPacket();
  let complete = false;
  while (capture.next(frame)) {
    if (decodePacket(frame.bytes, frame.start, frame.end, packet) !== null || packet.protocol !== PROTOCOL_UDP)
      continue;
    const text = Buffer.from(
      frame.bytes.buffer,
      frame.bytes.byteOffset + packet.payloadStart,
      packet.payloadEnd - packet.payloadStart,
    );
    if (packet.dstPort === PROBE_PORT) {
      if (text.toString('latin1') === MARKER) complete = true;
      else of(sources, packet.src3).probes.push(frame.at);
    } else if (packet.dstPort === SIP_PORT) {
      const seen = of(sources, packet.src3);
      seen.requests.push(frame.at);
      const guess = guessOf(text);
      if (guess !== null) seen.guessAt.set(guess, frame.at);
    } else if (packet.srcPort === SIP_PORT && text.toString('latin1', 0, 11) === 'SIP/2.0 401') {
      const { refusals } = of(sources, packet.dst3);
      const guess = guessOf(text);
      if (guess !== null && !refusals.some((refusal) => refusal.guess === guess))
        refusals.push({ guess, at: frame.at });
    }
  }
  capture.close();
  return complete ? sources : undefined;
}

function of(sources: Map<string, Seen>, word: number): Seen {
  const source = [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.');
  let seen = sources.get(source);
  if (!seen) sources.set(source, (seen = { requests: [], probes: [], guessAt: new Map(), refusals: [] }));
  return seen;
}

function guessOf(text: Buffer): number | null {
  const found = new RegExp(`branch=z9hG4bK${GUESS}(\\d+)x`).exec(text.toString('latin1'));
  return found ? Number(found[1]) : null;
}
