/** When evidence is known to come from the address that it names – and when it only looks so. */
import { describe, expect, test } from 'vitest';
import { run } from '../../../spec/detect/run.ts';
import { svcrack, svwar } from '../../../spec/traffic/attacks.ts';
import { endpoint, merge, START, type Traffic } from '../../../spec/traffic/datagram.ts';
import { udpFrames } from '../../../spec/traffic/packets.ts';
import { Registrar } from '../../../spec/traffic/registrar.ts';
import { PHONES } from '../../../spec/traffic/shapes.ts';
import { tcpFrames } from '../../../spec/traffic/tcp.ts';
import { SIDE_IN, SIDE_OUT } from '../base/frame.ts';

const source = endpoint('203.0.113.66', 5071);
const pbx = () => new Registrar({ endpoint: endpoint('192.0.2.10', 5060) });
const guesses = (from = source) =>
  svcrack({ source: from, pbx: pbx(), count: 12, rate: 20, user: '1001', shape: PHONES.snom });
const scan = () => svwar({ source, pbx: pbx(), count: 30, rate: 20, method: 'OPTIONS', shape: PHONES.snom });

const proofs = (frames: Parameters<typeof run>[0]) => run(frames).verdicts.map(({ proof }) => proof);
const from = (traffic: Traffic, other = endpoint('203.0.113.77', 5071)) =>
  traffic.map((d) => ({ ...d, ...(d.side === SIDE_IN ? { from: other } : { to: other }) }));

describe('a nonce', () => {
  test('that was sent to the same address proves it', () => expect(proofs(udpFrames(guesses()))).toEqual(['nonce']));

  test('that was sent to another address does not', () => {
    // One overhears his own nonces, and writes another's address into what he sends.
    const own = guesses();
    const requests = from(own.filter(({ side, at }) => side === SIDE_IN && at > START));
    const refusals = from(own.filter(({ side, at }) => side === SIDE_OUT && at > START + 10)).map((d) => ({
      ...d,
      payload: Buffer.from(
        Buffer.from(d.payload)
          .toString('latin1')
          .replace(/nonce="[^"]*"/, 'nonce="x"'),
        'latin1',
      ),
    }));
    const { verdicts } = run(udpFrames(merge(own.slice(0, 4), requests, refusals)));
    expect(verdicts.filter(({ source: who }) => who === '203.0.113.77').map(({ proof }) => proof)).toEqual([null]);
  });

  test('that the capture did not see does not', () => {
    const unseen = guesses().map((d) =>
      d.side === SIDE_OUT
        ? {
            ...d,
            payload: Buffer.from(
              Buffer.from(d.payload)
                .toString('latin1')
                .replace(/nonce="[^"]*"/, 'nonce="x"'),
              'latin1',
            ),
          }
        : d,
    );
    expect(proofs(udpFrames(unseen))).toEqual([null]);
  });
});

describe('TCP', () => {
  test('a handshake that was completed proves everything that follows', () =>
    expect(proofs(tcpFrames(scan()))).toEqual(['tcp']));

  test('a connection older than the capture, too: the data that came before were acknowledged', () =>
    expect(proofs(tcpFrames(scan(), { handshake: false }))).toEqual(['tcp']));

  test('segments that acknowledge nothing that was sent do not: the SYN and all after it are forged', () => {
    const forged = tcpFrames(scan().filter(({ side }) => side === SIDE_IN)).filter(
      ({ frame }) => frame.side === SIDE_IN,
    );
    // The real stack answers the SYN, with a number that the forger does not see.
    const answers = tcpFrames(scan(), {}).filter(({ frame }) => frame.side === SIDE_OUT);
    for (const { frame } of answers) {
      const seq = frame.start + 20 + 4;
      frame.bytes[seq] ^= 0x5a;
    }
    const all = [...forged, ...answers].sort((a, b) => a.at - b.at);
    const { verdicts } = run(all);
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts.map(({ proof }) => proof)).toEqual(verdicts.map(() => null));
  });
});
