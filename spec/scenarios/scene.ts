/** The addresses and people of the table. */
import { atPort, endpoint, merge, neighbour, START, type Endpoint, type Traffic } from '../traffic/datagram.ts';
import type { AttackOptions } from '../traffic/attacks.ts';
import { PBX } from '../traffic/good-cases.ts';
import { Phone } from '../traffic/phone.ts';
import { Registrar, type RegistrarOptions } from '../traffic/registrar.ts';
import { PHONES, TOOLS } from '../traffic/shapes.ts';
import type { Shape } from '../traffic/sip-text.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const ATTACKER = endpoint('203.0.113.66', 5071);
export const OFFICE = endpoint('198.51.100.1', 40_000);
export const DESK = endpoint('198.51.100.20', 5060);
export const PROVIDER = endpoint('198.18.5.5', 5060);
export { PBX, START };

export const pbx = (options: Partial<RegistrarOptions> = {}) => new Registrar({ endpoint: PBX, ...options });

/** `count` requests of the attacker, `rate` a second. */
export function attack(
  count: number,
  rate: number,
  options: Partial<RegistrarOptions> = {},
  shape?: Shape,
): AttackOptions {
  return { source: ATTACKER, pbx: pbx(options), count, rate, shape: shape ?? TOOLS.nameless };
}

/** Of the attacker, with the habits of a desk phone. */
export function disguised(count: number, rate: number, options: Partial<RegistrarOptions> = {}): AttackOptions {
  return attack(count, rate, options, TOOLS.disguised);
}

const SHAPES = Object.values(PHONES);

/** `count` phones behind one address, a port for each. */
export function office(
  server: Registrar,
  count: number,
  act: (phone: Phone, index: number) => void,
  at: Endpoint = OFFICE,
): Traffic {
  const traffic: Traffic = [];
  for (let i = 0; i < count; i++) {
    const inside = neighbour(endpoint('10.0.0.10', 5060), i);
    const shape = SHAPES[i % SHAPES.length];
    act(
      new Phone(traffic, server, {
        endpoint: atPort(at, at.port + i),
        inside,
        user: String(1000 + i),
        shape,
        seed: i + 1,
      }),
      i,
    );
  }
  return merge(traffic);
}

export function desk(
  server: Registrar,
  act: (phone: Phone) => void,
  shape: Shape = PHONES.yealink,
  at: Endpoint = DESK,
): Traffic {
  const traffic: Traffic = [];
  act(new Phone(traffic, server, { endpoint: at, user: '2001', shape, seed: 5 }));
  return merge(traffic);
}
