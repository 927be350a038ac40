/**
 * Segments by which an attacker tells the PBX something else than a careless sensor: what Linux gives the program that listens.
 * Each row is run against `TcpStreams` (tcp-streams.test.ts) and against the kernel itself (capture/linux-tcp.kernel.test.ts).
 */

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const URG = 32;

/** Sequence number (the SYN's is 99, the first byte's 100), data, flags (ACK unless said), urgent pointer. */
export type Segment = [seq: number, data: string, flags?: number, urgent?: number];

export interface LinuxCase {
  name: string;
  segments: Segment[];
  /** What the program reads. */
  reads: string;
  /** Sequence number behind its last byte. */
  end: number;
}

const open: Segment = [99, '', SYN];

function row(name: string, segments: Segment[], reads: string, end = 100 + reads.length): LinuxCase {
  return { name, segments: [open, ...segments], reads, end };
}

// prettier-ignore
export const LINUX_CASES: LinuxCase[] = [
  // Delivered bytes are final.
  row('retransmission with other bytes', [[100, 'AAAA'], [100, 'bbbb'], [104, '!']], 'AAAA!'),
  row('retransmission that reaches further', [[100, 'AAAA'], [102, 'bbbb']], 'AAAAbb'),
  // Bytes that wait: of two pieces, the one that begins earlier.
  row('same place', [[102, 'AA'], [102, 'bb'], [100, '--']], '--AA'),
  row('same begin, longer', [[102, 'AA'], [102, 'bbbb'], [100, '--']], '--bbbb'),
  row('same begin, shorter', [[102, 'AAAA'], [102, 'bb'], [100, '--']], '--AAAA'),
  row('later begin, reaches further', [[102, 'AAAA'], [104, 'bbbb'], [100, '--']], '--AAAAbb'),
  row('earlier begin, reaches into it', [[104, 'AAAA'], [102, 'bbbb'], [100, '--']], '--bbbbAA'),
  row('earlier begin, covers it', [[104, 'AA'], [102, 'bbbbbb'], [100, '--']], '--bbbbbb'),
  row('inside', [[102, 'AAAAAA'], [104, 'bb'], [100, '--']], '--AAAAAA'),
  row('behind two pieces that touch', [[102, 'AA'], [104, 'BB'], [103, 'cccc'], [100, '--']], '--AABBc'),
  row('over two pieces with a hole', [[102, 'AA'], [106, 'BB'], [103, 'ccccc'], [100, '--']], '--AAcccc'),
  row('the missing piece reaches into what waits', [[104, 'AAAA'], [100, 'bbbbbb']], 'bbbbbbAA'),
  row('the missing piece covers what waits', [[104, 'AA'], [100, 'bbbbbbbb']], 'bbbbbbbb'),
  // What the kernel ignores, or answers with a challenge (RFC 5961), between two halves of a message.
  row('bogus SYN', [[100, 'REGI'], [7000, '', SYN], [104, 'STER']], 'REGISTER'),
  row('bogus SYN with data', [[100, 'REGI'], [7000, 'junk', SYN], [104, 'STER']], 'REGISTER'),
  row('bogus RST', [[100, 'REGI'], [90, '', RST], [104, 'STER']], 'REGISTER'),
  row('bogus RST inside the window', [[100, 'REGI'], [120, '', RST], [104, 'STER']], 'REGISTER'),
  row('data far away', [[100, 'REGI'], [0x40000000, 'junk'], [104, 'STER']], 'REGISTER'),
  row('data behind the window', [[100, 'REGI'], [200_100, 'junk'], [104, 'STER']], 'REGISTER'),
  row('data from long ago', [[100, 'REGI'], [0xf0000000, 'junk'], [104, 'STER']], 'REGISTER'),
  row('FIN of another time', [[100, 'REGI'], [0x40000000, '', FIN | ACK], [104, 'STER']], 'REGISTER'),
  // The urgent byte never reaches a program that reads as usual.
  row('urgent byte', [[100, 'REGIxSTER', URG | ACK, 5]], 'REGISTER', 109),
  row('urgent byte at the end', [[100, 'REGIx', URG | ACK, 5], [105, 'STER']], 'REGISTER', 109),
  row('urgent byte announced before it comes', [[100, 'REGI', URG | ACK, 5], [104, 'xSTER']], 'REGISTER', 109),
  row('urgent pointer without the flag', [[100, 'REGISTER', ACK, 5]], 'REGISTER'),
  row('urgent pointer 0 means the first byte', [[100, 'xREGISTER', URG | ACK, 0]], 'REGISTER', 109),
];
