/** Who would be missed: sources with accounts that got in within the last hour, and nobody else. */
import { expect, test } from 'vitest';
import { svcrack } from '../traffic/attacks.ts';
import { endpoint, merge, oneWay, START, type Traffic } from '../traffic/datagram.ts';
import { udpFrames } from '../traffic/packets.ts';
import { Phone } from '../traffic/phone.ts';
import { Registrar } from '../traffic/registrar.ts';
import { PHONES } from '../traffic/shapes.ts';
import { run } from './run.ts';

const HOUR_MS = 3_600_000;
const pbx = () => new Registrar({ endpoint: endpoint('192.0.2.10', 5060) });
const at = endpoint('198.51.100.20', 5060);

function registering(given: { password?: string } = {}): Traffic {
  const traffic: Traffic = [];
  const phone = new Phone(traffic, pbx(), { endpoint: at, user: '2001', shape: PHONES.yealink, ...given });
  phone.sendAuthenticated(phone.request('REGISTER', '2001'), START);
  return merge(traffic);
}

const guesses = () =>
  svcrack({ source: endpoint('203.0.113.66', 5071), pbx: pbx(), count: 4, rate: 20, user: '1001', shape: PHONES.snom });

test.each<[who: string, Traffic, sources: string[]]>([
  ['a phone that registered', registering(), ['198.51.100.20']],
  ['a phone with a wrong password', registering({ password: 'wrong' }), []],
  ['a phone whose answers nobody sees', oneWay(registering()), []],
  ['somebody who guesses', guesses(), []],
  ['a phone and somebody who guesses', merge(registering(), guesses()), ['198.51.100.20']],
])('%s', (_who, traffic, sources) => {
  const { engine } = run(udpFrames(traffic));
  const found = engine.registered(START + 1000);
  expect(found.map(({ address }) => address)).toEqual(sources);
  for (const { until } of found) expect(Math.abs(until - START - HOUR_MS)).toBeLessThan(1000);
});

test('an hour later it is forgotten', () => {
  const { engine } = run(udpFrames(registering()));
  expect(engine.registered(START + HOUR_MS - 1000)).toHaveLength(1);
  expect(engine.registered(START + HOUR_MS + 1000)).toEqual([]);
});
