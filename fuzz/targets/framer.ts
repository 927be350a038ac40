/** `SipFramer`: never throws, bounded memory, and the same messages however the stream is cut into segments. */
import { ANOMALIES, ANOMALIES_MAX } from '../../src/core/decode/sip/anomalies.ts';
import { SipFramer, STREAM_BODY_BYTES_MAX, STREAM_HEADER_BYTES_MAX } from '../../src/core/decode/sip/framer.ts';
import { hashSpan } from '../../src/core/decode/sip/text.ts';
import { Random } from '../random.ts';
import { specInputs } from '../run.ts';
import { promise, type Target } from '../target.ts';

const HELD_BYTES_MAX = STREAM_HEADER_BYTES_MAX + STREAM_BODY_BYTES_MAX;

export const target: Target = {
  name: 'framer',
  weight: 2,
  seeds: () => specInputs('sip', ['stream', 'sip']),
  check(input, vary) {
    const whole = feed(input, input.length, vary, false);
    // One input in eight is cut into single bytes.
    const cut = feed(input, vary % 8 === 0 ? 1 : 1 + ((vary >>> 8) % 200), vary, false);
    promise(whole === cut, `cut into segments:\n${cut}\nin one piece:\n${whole}`);
    if (vary % 8 === 1) feed(input, 1 + ((vary >>> 16) % 50), vary, true);
  },
};

/** What came out, as text. Segments have random lengths up to `segmentMax`; with `gaps`, some are followed by a loss. */
function feed(input: Uint8Array, segmentMax: number, vary: number, gaps: boolean): string {
  const random = new Random(vary, segmentMax, 0);
  const framer = new SipFramer();
  const out: string[] = [];
  let given = 0;
  const emit = (bytes: Uint8Array, start: number, end: number) => {
    promise(start >= 0 && start < end && end <= bytes.length, `message at ${start} … ${end}`);
    given += end - start;
    out.push(`${end - start} ${hashSpan(bytes, start, end, 1)}`);
  };
  for (let i = 0; i < input.length;) {
    const length = Math.min(
      input.length - i,
      segmentMax === input.length ? input.length : 1 + random.below(segmentMax),
    );
    // A segment of its own, wiped afterwards: nothing may point into it.
    const segment = input.slice(i, i + length);
    framer.push(segment, 0, length, emit);
    segment.fill(0x0d);
    promise(framer.bufferedBytes <= HELD_BYTES_MAX, `${framer.bufferedBytes} bytes held`);
    i += length;
    if (gaps && random.below(6) === 0) framer.reset();
  }
  promise(given <= input.length, `${given} bytes given out of ${input.length}`);
  promise(framer.anomalies.length <= ANOMALIES_MAX, `${framer.anomalies.length} anomalies`);
  for (const { code, offset } of framer.anomalies) {
    promise(code in ANOMALIES && offset >= 0 && offset <= input.length, `anomaly ${code} at ${offset}`);
    out.push(`${code} @${offset}`);
  }
  return out.join('\n');
}
