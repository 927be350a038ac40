/**
 * Addresses that are in no country, whatever a data file says: never blocked by a country rule, in none of its modes. They are those
 * that can be the source of a packet without the public Internet in between (IANA special-purpose registries, RFC 6890).
 *
 * Not among them, so that the data and the setting for addresses without a country decide: documentation (192.0.2.0/24,
 * 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32, 3fff::/20), which nobody may use and packet filters should drop (RFC 5737 §4);
 * Teredo (2001::/32), 6to4 (2002::/16) and 192.88.99.0/24, behind which is the public Internet.
 */
import { parseRange, type AddressRange } from '../core/base/address.ts';
import { packRanges } from '../core/base/packed-ranges.ts';

export const SPECIAL: readonly (readonly [range: string, what: string])[] = [
  ['0.0.0.0/8', 'this network (RFC 791 §3.2)'],
  ['10.0.0.0/8', 'private (RFC 1918)'],
  ['100.64.0.0/10', 'behind a carrier’s NAT (RFC 6598)'],
  ['127.0.0.0/8', 'loopback (RFC 1122 §3.2.1.3)'],
  ['169.254.0.0/16', 'link-local (RFC 3927)'],
  ['172.16.0.0/12', 'private (RFC 1918)'],
  ['192.0.0.0/24', 'IETF protocols, DS-Lite (RFC 6890 §2.1)'],
  ['192.168.0.0/16', 'private (RFC 1918)'],
  ['198.18.0.0/15', 'benchmarks inside a laboratory (RFC 2544)'],
  ['224.0.0.0/4', 'multicast (RFC 5771)'],
  ['240.0.0.0/4', 'reserved, broadcast (RFC 1112 §4, RFC 8190)'],
  ['::/128', 'unspecified (RFC 4291)'],
  ['::1/128', 'loopback (RFC 4291)'],
  ['64:ff9b::/96', 'our own NAT64 (RFC 6052)'],
  ['64:ff9b:1::/48', 'our own NAT64 (RFC 8215)'],
  ['100::/64', 'discard only (RFC 6666)'],
  ['2001:2::/48', 'benchmarks inside a laboratory (RFC 5180)'],
  ['2001:10::/28', 'ORCHID (RFC 4843)'],
  ['2001:20::/28', 'ORCHIDv2 (RFC 7343)'],
  ['5f00::/16', 'segment routing identifiers (RFC 9602)'],
  ['fc00::/7', 'unique local (RFC 4193)'],
  ['fe80::/10', 'link-local (RFC 4291)'],
  ['fec0::/10', 'site-local, deprecated (RFC 3879)'],
  ['ff00::/8', 'multicast (RFC 4291)'],
];

export const SPECIAL_RANGES = packRanges(SPECIAL.map(([text]) => parseRange(text) as AddressRange));
