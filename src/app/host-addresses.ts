/** This machine's own addresses and default gateways: never blocked (product.md). */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { formatAddress, parseAddress, type Address } from '../core/base/address.ts';

export interface HostAddresses {
  own: Address[];
  gateways: Address[];
}

/** RTF_GATEWAY of linux/route.h: the route goes through another machine. */
const RTF_GATEWAY = 2;

export function readHostAddresses(): HostAddresses {
  const texts = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map((entry) => entry.address.split('%')[0]),
  );
  const own = texts.map((text) => parseAddress(text)).filter((address) => address !== null);
  return { own, gateways: [...gatewaysV4(), ...gatewaysV6()] };
}

export function sameAddresses(a: HostAddresses, b: HostAddresses): boolean {
  const text = ({ own, gateways }: HostAddresses) =>
    [own, gateways].map((list) => list.map(formatAddress).sort().join()).join('|');
  return text(a) === text(b);
}

/** /proc/net/route: destination and gateway as hexadecimal words in the machine's byte order. */
function gatewaysV4(): Address[] {
  return lines('/proc/net/route')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , flags]) => destination === '00000000' && (parseInt(flags, 16) & RTF_GATEWAY) !== 0)
    .map(([, , gateway]) =>
      parseAddress(
        gateway
          .match(/../g)!
          .reverse()
          .map((octet) => parseInt(octet, 16))
          .join('.'),
      ),
    )
    .filter((address) => address !== null);
}

/** /proc/net/ipv6_route: destination, its prefix length, source, its prefix length, next hop … as 32 hexadecimal digits. */
function gatewaysV6(): Address[] {
  const zero = '0'.repeat(32);
  return lines('/proc/net/ipv6_route')
    .map((line) => line.trim().split(/\s+/))
    .filter(([destination, prefix, , , nextHop]) => destination === zero && prefix === '00' && nextHop !== zero)
    .map(([, , , , nextHop]) => parseAddress(nextHop.match(/..../g)!.join(':')))
    .filter((address) => address !== null);
}

/** Without the heading; empty where the kernel lacks the family. */
function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => /[0-9a-fA-F]{8}/.test(line));
  } catch {
    return [];
  }
}
