/** Sources that the PBX knows – an office of phones, a phone with an old password, a trunk – and what a forger sends in their names. */
import { SIDE_IN } from '../../src/core/base/frame.ts';
import { atPort, endpoint, merge, neighbour, START, type Endpoint, type Traffic } from './datagram.ts';
import { Phone } from './phone.ts';
import type { Registrar } from './registrar.ts';
import { PHONES } from './shapes.ts';
import type { Shape } from './sip-text.ts';

export interface KnownOptions {
  source: Endpoint;
  pbx: Registrar;
  at?: number;
  count: number;
  shape?: Shape;
  firstUser?: number;
  /** Seconds; 0 ends the registrations. */
  expires?: number;
}

/** Behind one address, each with a port and a user of its own, a tenth of a second apart. */
export function registeredPhones({ source, pbx, count, at = START, shape, firstUser, expires }: KnownOptions): Traffic {
  const traffic: Traffic = [];
  for (let i = 0; i < count; i++)
    phoneAt(traffic, i, { source, pbx, shape, firstUser }).register(at + i * 100, expires);
  return merge(traffic);
}

/** A phone with an old password: it is challenged, answers, is refused, and tries again `everyMs` later, for ever. */
export function stuckPhone(o: KnownOptions & { user: string; everyMs: number }): Traffic {
  const { source, pbx, count, at = START, shape = PHONES.yealink, user, everyMs } = o;
  const traffic: Traffic = [];
  const phone = new Phone(traffic, pbx, { endpoint: source, user, shape, password: 'of-last-year' });
  for (let i = 0; i < count; i++) phone.register(at + i * everyMs);
  return merge(traffic);
}

/** A carrier that never registers: calls that are answered and acknowledged, a second apart. */
export function trunk({ source, pbx, count, at = START, shape = PHONES.snom }: KnownOptions): Traffic {
  const traffic: Traffic = [];
  const line = new Phone(traffic, pbx, { endpoint: source, user: '3000', shape });
  for (let i = 0; i < count; i++) line.call(at + i * 1000, '1001');
  return merge(traffic);
}

/**
 * The same packets from somebody who only writes the source's address: the answers go to its owner, so the forger invents the nonces, and
 * acknowledges nothing.
 */
export function forged(traffic: Traffic): Traffic {
  return traffic
    .filter(({ side, payload }) => side !== SIDE_IN || !Buffer.from(payload).toString('latin1').startsWith('ACK '))
    .map((d) => (d.side === SIDE_IN ? { ...d, payload: inventNonce(d.payload) } : d));
}

function inventNonce(payload: Uint8Array): Uint8Array {
  const text = Buffer.from(payload).toString('latin1');
  return Buffer.from(text.replaceAll(/nonce="[^"]*"/g, 'nonce="0123456789abcdef"'), 'latin1');
}

function phoneAt(
  traffic: Traffic,
  i: number,
  { source, pbx, shape = PHONES.yealink, firstUser = 1001 }: Omit<KnownOptions, 'count'>,
): Phone {
  const inside = neighbour(endpoint('10.0.0.10', 5060), i);
  const user = String(firstUser + i);
  return new Phone(traffic, pbx, { endpoint: atPort(source, source.port + i), inside, user, shape, seed: i + 1 });
}
