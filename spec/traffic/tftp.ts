/** TFTP (RFC 1350, options RFC 2347): the transfers of provisioning phones, and of those who walk the file names. */
import { atPort, inbound, outbound, START, type Endpoint, type Traffic } from './datagram.ts';

const OPCODE_RRQ = 1;
const OPCODE_WRQ = 2;
const OPCODE_DATA = 3;
const OPCODE_ACK = 4;
const OPCODE_ERROR = 5;
const ERROR_NOT_FOUND = 1;
const BLOCK_BYTES = 512;

export function tftpRequest(file: string, mode = 'octet', write = false): Uint8Array {
  return Buffer.from(`\0${String.fromCharCode(write ? OPCODE_WRQ : OPCODE_RRQ)}${file}\0${mode}\0`, 'latin1');
}

const numbered = (opcode: number, number: number, rest: string) =>
  Buffer.concat([Buffer.from([0, opcode, number >>> 8, number & 255]), Buffer.from(rest, 'latin1')]);

export function tftpError(code: number, text: string): Uint8Array {
  return numbered(OPCODE_ERROR, code, `${text}\0`);
}

/**
 * One read request and what follows: `bytes` of file, or the refusal of a file that is not there (`bytes` null). The server answers
 * from a port of its own (RFC 1350 §4); the client uses a port of its own for each transfer.
 */
export function transfer(
  traffic: Traffic,
  server: Endpoint,
  client: Endpoint,
  file: string,
  bytes: number | null,
  at: number,
): number {
  const own = atPort(server, 32_768 + ((client.port * 31 + traffic.length) % 28_000));
  traffic.push(inbound(at, client, server, tftpRequest(file)));
  if (bytes === null) {
    traffic.push(outbound(at + 1, own, client, tftpError(ERROR_NOT_FOUND, 'File not found')));
    return at + 1;
  }
  const blocks = Math.floor(bytes / BLOCK_BYTES) + 1;
  for (let n = 1; n <= blocks; n++) {
    const length = n < blocks ? BLOCK_BYTES : bytes % BLOCK_BYTES;
    traffic.push(outbound(at + n * 2 - 1, own, client, numbered(OPCODE_DATA, n, 'x'.repeat(length))));
    traffic.push(inbound(at + n * 2, client, own, numbered(OPCODE_ACK, n, '')));
  }
  return at + blocks * 2;
}

export interface TftpWalkOptions {
  source: Endpoint;
  server: Endpoint;
  /** Names tried. */
  count: number;
  /** Names a second. */
  rate: number;
  /** Every n-th name exists; 0: none. */
  foundEvery?: number;
  at?: number;
  /** First source port; each request has its own, as most clients do. `one` keeps a single port. */
  ports?: 'one' | 'each';
}

/** Guesses `SEP<mac>.cnf.xml` names one after the other. */
export function tftpWalk(o: TftpWalkOptions): Traffic {
  const { at = START, foundEvery = 0, ports = 'each' } = o;
  const traffic: Traffic = [];
  for (let i = 0; i < o.count; i++) {
    const mac = (0x0004f2000000 + i).toString(16).toUpperCase().padStart(12, '0');
    const client = ports === 'one' ? o.source : atPort(o.source, 1_024 + ((o.source.port + i) % 60_000));
    const found = foundEvery > 0 && i % foundEvery === foundEvery - 1;
    transfer(traffic, o.server, client, `SEP${mac}.cnf.xml`, found ? 900 : null, at + (i * 1_000) / o.rate);
  }
  return traffic;
}

/** Read requests for these names, one after the other; none of them exists. */
export function tftpAsk(
  server: Endpoint,
  client: Endpoint,
  files: readonly string[],
  at: number,
  everyMs: number,
): Traffic {
  const traffic: Traffic = [];
  files.forEach((file, i) => transfer(traffic, server, atPort(client, client.port + i), file, null, at + i * everyMs));
  return traffic;
}

/** The files a desk phone asks for at each start; those of a feature that is not set up are missing, and that is normal. */
export function tftpBoot(server: Endpoint, phone: Endpoint, mac: string, at: number): Traffic {
  const files: [string, number | null][] = [
    [`CTLSEP${mac}.tlv`, null],
    [`ITLSEP${mac}.tlv`, null],
    ['ITLFile.tlv', null],
    [`SEP${mac}.cnf.xml`, 6_200],
    ['United_Kingdom/g3-tones.xml', null],
    ['dialplan.xml', 800],
    ['ringlist.xml', 300],
  ];
  const traffic: Traffic = [];
  let now = at;
  files.forEach(([file, bytes], i) => {
    now = transfer(traffic, server, atPort(phone, phone.port + i), file, bytes, now + 150);
  });
  return traffic;
}
