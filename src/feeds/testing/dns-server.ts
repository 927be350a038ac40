/** A name server on loopback (RFC 1035 over UDP) that answers as one tells it to. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type DnsReply =
  | { a?: string[]; aaaa?: string[]; ttl?: number }
  /** RCODE: 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  | { rcode: number }
  | 'silent';

export interface DnsServer {
  /** `address:port`, as `Resolver.setServers` takes it. */
  address: string;
  /** Questions so far, as `A name` or `AAAA name`. */
  questions: string[];
  replies: Map<string, DnsReply | { a: DnsReply; aaaa: DnsReply }>;
  close(): Promise<void>;
}

const TYPE_A = 1;
const TYPE_AAAA = 28;
const HEADER_BYTES = 12;

export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  const replies: DnsServer['replies'] = new Map();
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    questions.push(`${type === TYPE_A ? 'A' : 'AAAA'} ${name}`);
    const found = replies.get(name) ?? { rcode: 3 };
    const pair = typeof found === 'object' && 'a' in found && !Array.isArray(found.a) ? found : null;
    const reply = (pair ? (type === TYPE_A ? pair.a : (pair as { aaaa: DnsReply }).aaaa) : found) as DnsReply;
    if (reply === 'silent') return;
    socket.send(answer(query.subarray(0, end), type, reply), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    replies,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  while (query[at] !== 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += 1 + query[at];
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(question: Buffer, type: number, reply: Exclude<DnsReply, 'silent'>): Buffer {
  const records = 'rcode' in reply ? [] : recordsOf(type, reply);
  const head = Buffer.from(question);
  // QR, RD and RA; the query's additional records (EDNS) are not repeated.
  head.writeUInt16BE(0x8180 | ('rcode' in reply ? reply.rcode : 0), 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records]);
}

function recordsOf(type: number, { a = [], aaaa = [], ttl = 300 }: { a?: string[]; aaaa?: string[]; ttl?: number }) {
  return (type === TYPE_A ? a : type === TYPE_AAAA ? aaaa : []).map((text) => {
    const data = type === TYPE_A ? Buffer.from(text.split('.').map(Number)) : v6Bytes(text);
    const record = Buffer.alloc(12);
    // RFC 1035 §4.1.4: the name is the one at offset 12.
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(ttl, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
}

/** All eight groups, or `::` once. */
function v6Bytes(text: string): Buffer {
  const [head, tail = ''] = text.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
