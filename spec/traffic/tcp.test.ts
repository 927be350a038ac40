/** However a sample is cut over TCP, the engine's own reassembly gives the bytes of the messages back, in order. */
import { expect, test } from 'vitest';
import { SIDE_IN } from '../../src/core/base/frame.ts';
import { createPacket, decodePacket } from '../../src/core/decode/ip/decode.ts';
import { TcpStreams } from '../../src/core/decode/ip/tcp-streams.ts';
import { svcrack } from './attacks.ts';
import { endpoint } from './datagram.ts';
import { WIRE_DISGUISES } from './disguises.ts';
import { PBX } from './good-cases.ts';
import { Registrar } from './registrar.ts';

const traffic = svcrack({
  source: endpoint('203.0.113.66', 5071),
  pbx: new Registrar({ endpoint: PBX }),
  user: '1001',
  count: 20,
  rate: 20,
});
const sent = traffic
  .filter((d) => d.side === SIDE_IN)
  .map((d) => Buffer.from(d.payload).toString('latin1').replaceAll('SIP/2.0/UDP', 'SIP/2.0/TCP'))
  .join('');

const OVER_TCP = Object.entries(WIRE_DISGUISES).filter(([name]) => name.startsWith('TCP') && !name.includes('IPv6'));

test.each(OVER_TCP)('%s', (_name, disguise) => {
  let received = '';
  let gaps = 0;
  const streams = new TcpStreams<{ fromClient: boolean }>(
    {
      open: () => ({ fromClient: packet.srcPort === 5071 }),
      data: (state, bytes, start, end) => {
        if (state.fromClient) received += Buffer.from(bytes.subarray(start, end)).toString('latin1');
      },
      gap: () => void gaps++,
      close: () => {},
    },
    { seed: 1 },
  );
  const packet = createPacket();
  for (const { frame, at } of disguise(traffic)) {
    expect(decodePacket(frame.bytes, frame.start, frame.end, packet)).toBe(null);
    streams.add(packet, at);
  }
  expect(received).toBe(sent);
  expect(gaps).toBe(0);
});
