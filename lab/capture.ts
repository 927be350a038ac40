/**
 * What happened on the wire, seen by the lab itself. Two captures with different questions:
 * `record` writes what arrived at the PBX's network card (before any drop), for the samples in spec/attacks.
 * `Reached` writes what came through to the PBX and what the PBX answered (behind every drop), for counting.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './leftovers.ts';
import type { Network } from './network.ts';
import { Program, run, until } from './process.ts';

/** NFLOG group of the lab's own table; Ringfence chooses its own. */
const GROUP = 77;
const TABLE = 'lab-reached';
const DLT_NFLOG = 239;
const NFULA_PAYLOAD = 9;
const MARKER_PORT = 9;

/** A SIP message or TFTP packet that passed the PBX's input, or left by its output. */
export interface Passed {
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  transport: 'udp' | 'tcp';
  /** SIP method, or the status of an answer as text; for TFTP `RRQ`, `ERROR` …; empty for anything else. */
  what: string;
  text: string;
}

export async function record(network: Network, file: string, filter: string): Promise<Program> {
  // --immediate-mode: without it the packets of the last second are lost when tcpdump is stopped.
  const command = [
    'tcpdump',
    '-i',
    'eth0',
    '-s',
    '0',
    '-U',
    '-n',
    '-B',
    '16384',
    '--immediate-mode',
    '-w',
    file,
    filter,
  ];
  const program = new Program('tcpdump', network.namespace('pbx'), command);
  await program.says(/listening on/, 5_000);
  return program;
}

/**
 * Invariant: the order of the packets is the kernel's order (one NFLOG queue for both directions), so "what came after the answer
 * that crossed the threshold" can be read off. Their times are tcpdump's reading times and mean nothing.
 */
export class Reached {
  readonly #namespace: string;
  readonly #program: Program;
  readonly #directory: string;
  readonly #file: string;
  #markers = 0;

  private constructor(namespace: string, program: Program, directory: string) {
    this.#namespace = namespace;
    this.#program = program;
    this.#directory = directory;
    this.#file = join(directory, 'reached.pcap');
  }

  static async start(network: Network): Promise<Reached> {
    const namespace = network.namespace('pbx');
    const log = `log group ${GROUP} snaplen 2000 queue-threshold 1`;
    // Priority 300: far behind every drop of Ringfence, whose own hooks come before routing.
    await run(['nft', '-f', '-'], {
      namespace,
      input: `table inet ${TABLE} {
        chain input {
          type filter hook input priority 300; policy accept;
          meta l4proto { udp, tcp } th dport { 5060, 69, ${MARKER_PORT} } ${log}
        }
        chain output {
          type filter hook output priority 300; policy accept;
          meta l4proto { udp, tcp } th sport 5060 ${log}
        }
      }`,
    });
    const directory = temporaryDirectory('reached');
    const command = [
      'tcpdump',
      '-i',
      `nflog:${GROUP}`,
      '-s',
      '0',
      '-U',
      '-B',
      '16384',
      '-w',
      join(directory, 'reached.pcap'),
    ];
    const program = new Program('tcpdump', namespace, command);
    await program.says(/listening on/, 5_000);
    return new Reached(namespace, program, directory);
  }

  /** Everything that has passed so far, in order. A marker packet of the lab's own tells when tcpdump has caught up. */
  async all(): Promise<Passed[]> {
    const marker = `lab marker ${++this.#markers}`;
    const script = `const s=require('dgram').createSocket('udp4');s.send(${JSON.stringify(marker)},${MARKER_PORT},'127.0.0.1',()=>s.close())`;
    await run([process.execPath, '-e', script], { namespace: this.#namespace });
    const passed = await until('the capture has caught up', 5_000, async () => {
      const packets = readNflogCapture(await readFile(this.#file));
      return packets.some((packet) => packet.text.startsWith(marker)) ? packets : undefined;
    });
    return passed.filter((packet) => !packet.text.startsWith('lab marker'));
  }

  /** Requests of one source that reached the PBX, in order. */
  async from(source: string): Promise<Passed[]> {
    return (await this.all()).filter((packet) => packet.from === source && packet.what !== '');
  }

  async stop(): Promise<void> {
    await this.#program.stop('SIGINT');
    await run(['nft', 'delete', 'table', 'inet', TABLE], { namespace: this.#namespace, mayFail: true });
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** A pcap file of link type NFLOG: a four-byte header, then attributes; the payload attribute is the IP packet. */
function readNflogCapture(bytes: Buffer): Passed[] {
  const passed: Passed[] = [];
  if (bytes.length < 24 || bytes.readUInt32LE(20) !== DLT_NFLOG) return passed;
  let offset = 24;
  while (offset + 16 <= bytes.length) {
    const length = bytes.readUInt32LE(offset + 8);
    const start = offset + 16;
    if (start + length > bytes.length) break; // still being written
    const packet = nflogPayload(bytes.subarray(start, start + length));
    const described = packet && describe(packet);
    if (described) passed.push(described);
    offset = start + length;
  }
  return passed;
}

function nflogPayload(bytes: Buffer): Buffer | undefined {
  let offset = 4;
  while (offset + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(offset);
    if (length < 4) return undefined;
    if ((bytes.readUInt16LE(offset + 2) & 0x7fff) === NFULA_PAYLOAD) return bytes.subarray(offset + 4, offset + length);
    offset += (length + 3) & ~3;
  }
  return undefined;
}

/** The lab's own traffic only: no IP options, no IPv6 extension headers, no fragments. */
function describe(packet: Buffer): Passed | undefined {
  const version = packet[0] >> 4;
  const protocol = version === 4 ? packet[9] : packet[6];
  const header = version === 4 ? 20 : 40;
  const transport = protocol === 17 ? 'udp' : 'tcp';
  const payload = packet.subarray(header + (transport === 'udp' ? 8 : (packet[header + 12] >> 4) * 4));
  if (payload.length === 0) return undefined;
  const text = payload.toString('latin1');
  const toPort = packet.readUInt16BE(header + 2);
  const [from, to] =
    version === 4
      ? [dotted(packet.subarray(12, 16)), dotted(packet.subarray(16, 20))]
      : [colons(packet.subarray(8, 24)), colons(packet.subarray(24, 40))];
  return {
    from,
    fromPort: packet.readUInt16BE(header),
    to,
    toPort,
    transport,
    what: toPort === 69 ? tftpName(payload) : sipName(text),
    text,
  };
}

function sipName(text: string): string {
  return /^SIP\/2\.0 (\d{3}) /.exec(text)?.[1] ?? /^([A-Z]+) \S+ SIP\/2\.0\r?\n/.exec(text)?.[1] ?? '';
}

function tftpName(payload: Buffer): string {
  return ['', 'RRQ', 'WRQ', 'DATA', 'ACK', 'ERROR', 'OACK'][payload.length >= 2 ? payload.readUInt16BE(0) : 0] ?? '';
}

function dotted(bytes: Buffer): string {
  return [...bytes].join('.');
}

/** As RFC 5952 writes it, for the documentation addresses of the lab. */
function colons(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  if (runs.length === 0) return groups.join(':');
  const text = groups.join(':');
  const { index } = runs[0];
  return `${text.slice(0, index)}::${text.slice(index + runs[0][0].length + 1)}`;
}
