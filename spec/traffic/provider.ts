/**
 * A large provider and its customers, and the table that says whose the addresses are: the networks are real ones (126.0.0.0 to 126.17.255.255),
 * so that a capture of them means the same to `ringfence replay`, which has a table of the whole Internet.
 */
import type { Segments } from '../../src/core/base/segments.ts';
import { endpoint, type Endpoint } from './datagram.ts';

const PROVIDER_ASN = 17_676;
const FIRST = 126 * 2 ** 24;
const AFTER = FIRST + 18 * 2 ** 16;

export const ASNS: Segments = {
  v4: { starts: Uint32Array.of(0, FIRST, AFTER), values: Uint32Array.of(0, PROVIDER_ASN, 0) },
  v6: { starts: new Uint32Array(4), values: new Uint32Array(1) },
};

export function isCustomer({ address: { w2, w3 } }: Endpoint): boolean {
  return w2 === 0xffff && w3 >= FIRST && w3 < AFTER;
}

/**
 * Each in a network of its own, and all of them in four regions: neither a /24 nor twelve parts of the Internet show them. `part` (0 to 3)
 * of the provider: different parts have no network in common.
 */
export function customers(count: number, part = 0): Endpoint[] {
  return Array.from({ length: count }, (_, i) =>
    endpoint(`126.${part * 4 + (i % 4)}.${10 + Math.floor(i / 4)}.${20 + (i % 90)}`, 5060),
  );
}
