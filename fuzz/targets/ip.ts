/** IP packets, fragments and TCP segments: never throws, offsets inside the packet, memory bounded, whatever the headers claim. */
import { IP_ANOMALIES } from '../../src/core/decode/ip/anomalies.ts';
import { createPacket, decodePacket, PROTOCOL_TCP } from '../../src/core/decode/ip/decode.ts';
import { Fragments, FRAGMENT_BYTES_MAX, DATAGRAMS_MAX } from '../../src/core/decode/ip/fragments.ts';
import type { Packet } from '../../src/core/decode/ip/packet.ts';
import { TcpStreams } from '../../src/core/decode/ip/tcp-streams.ts';
import { promise, type Target } from '../target.ts';
import { target as engine } from './engine.ts';

const STREAMS_MAX = 64;
const STREAM_BYTES_MAX = 1 << 20;

const packet = createPacket();
const fragments = new Fragments(1);
let delivered = 0;
const streams = new TcpStreams<null>(
  {
    open: () => null,
    data: (_state, bytes, start, end) => {
      promise(start >= 0 && start < end && end <= bytes.length, `stream bytes ${start} … ${end} of ${bytes.length}`);
      delivered += end - start;
    },
    gap: () => {},
    close: () => {},
  },
  { streamsMax: STREAMS_MAX, bufferedBytesMax: STREAM_BYTES_MAX, seed: 1 },
);
let now = 0;

export const target: Target = {
  name: 'ip',
  weight: 2,
  seeds: () => engine.seeds(),
  check(input, vary) {
    now += vary % 100;
    const problem = decodePacket(input, 0, input.length, packet);
    promise(problem === null || problem in IP_ANOMALIES, `anomaly ${problem}`);
    checkPayload(packet, input.length);
    if (problem !== null) return;
    if (packet.fragmented && !fragments.add(packet, now)) return;
    promise(fragments.size <= DATAGRAMS_MAX, `${fragments.size} datagrams under way`);
    checkPayload(packet, packet.bytes.length);
    if (packet.protocol !== PROTOCOL_TCP) return;
    delivered = 0;
    streams.add(packet, now);
    promise(streams.size <= STREAMS_MAX, `${streams.size} streams`);
    promise(streams.bufferedBytes <= STREAM_BYTES_MAX + FRAGMENT_BYTES_MAX, `${streams.bufferedBytes} bytes held`);
    promise(delivered <= STREAM_BYTES_MAX + input.length, `${delivered} bytes out of one segment`);
  },
};

function checkPayload(p: Packet, length: number): void {
  const { payloadStart, payloadEnd } = p;
  promise(
    payloadStart >= 0 && payloadStart <= payloadEnd && payloadEnd <= length,
    `payload ${payloadStart} … ${payloadEnd}`,
  );
}
