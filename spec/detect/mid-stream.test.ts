/**
 * Connections older than we are: Ringfence starts, or loses packets, in the middle of a message. What is left of that message is
 * nobody's junk.
 */
import { expect, test } from 'vitest';
import { GOOD_CASES } from '../traffic/good-cases.ts';
import { tcpFrames } from '../traffic/tcp.ts';
import { harmful, run } from './run.ts';

const halves = (length: number) => [
  { start: 0, end: length >> 1 },
  { start: length >> 1, end: length },
];

test.each(Object.entries(GOOD_CASES))('%s, every connection met in the middle', (_name, one) => {
  const frames = tcpFrames(one.traffic(), { handshake: false, pieces: halves });
  const met = new Set<string>();
  const late = frames.filter(({ frame }) => {
    // Source and destination address and ports of an IPv4 packet without options.
    const flow = Buffer.from(frame.bytes.subarray(frame.start + 12, frame.start + 24)).toString('hex');
    if (met.has(flow)) return true;
    met.add(flow);
    return false;
  });
  expect(late.length).toBeLessThan(frames.length);
  expect(harmful(run(late).verdicts).filter(({ kind }) => kind === 'malformed')).toEqual([]);
});
