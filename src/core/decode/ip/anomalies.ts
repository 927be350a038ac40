/**
 * Every name that the IP layer has for a packet it cannot use. A host would drop such a packet too, so the engine counts it and
 * goes on. What a capture merely cut short is `Packet.truncated`, not an anomaly.
 */
import type { AnomalyDescription } from '../../base/anomaly.ts';

export const IP_ANOMALIES = {
  'ip-version': { severity: 'severe', rfc: 'RFC 791 §3.1', text: 'The IP version is neither 4 nor 6.' },
  'ip-short': { severity: 'severe', rfc: 'RFC 791 §3.1', text: 'The packet ends inside its IP header.' },
  'ipv4-header-length': { severity: 'severe', rfc: 'RFC 791 §3.1', text: 'The IPv4 header length is below 20 bytes.' },
  'ipv4-total-length': {
    severity: 'severe',
    rfc: 'RFC 791 §3.1',
    text: 'The IPv4 total length is shorter than the header.',
  },
  'ipv6-extension-short': {
    severity: 'severe',
    rfc: 'RFC 8200 §4',
    text: 'The packet ends inside an IPv6 extension header.',
  },
  'ipv6-chain-long': {
    severity: 'severe',
    rfc: 'RFC 8200 §4.1',
    text: 'More IPv6 extension headers than fit a packet of an Ethernet.',
  },
  'ipv6-nested-fragment': {
    severity: 'severe',
    rfc: 'RFC 8200 §4.1',
    text: 'A reassembled IPv6 datagram holds another fragment header.',
  },
  'udp-short': { severity: 'severe', rfc: 'RFC 768', text: 'The packet ends inside its UDP header.' },
  'udp-length': {
    severity: 'severe',
    rfc: 'RFC 768',
    text: 'The UDP length is below 8 bytes or longer than the packet.',
  },
  'tcp-short': { severity: 'severe', rfc: 'RFC 9293 §3.1', text: 'The packet ends inside its TCP header.' },
  'tcp-data-offset': {
    severity: 'severe',
    rfc: 'RFC 9293 §3.1',
    text: 'The TCP data offset is below 5 words or points outside the packet.',
  },
  'fragment-truncated': {
    severity: 'note',
    rfc: 'RFC 791 §3.2',
    text: 'The capture cut a fragment short, its datagram cannot be put together.',
  },
  'fragment-length': {
    severity: 'severe',
    rfc: 'RFC 8200 §4.5',
    text: 'A fragment that is not the last one is no multiple of 8 bytes long, or holds nothing.',
  },
  'fragment-too-far': {
    severity: 'severe',
    rfc: 'RFC 8200 §4.5',
    text: 'A fragment ends behind the largest datagram there can be (ping of death).',
  },
  'fragment-end': {
    severity: 'severe',
    rfc: 'RFC 791 §3.2',
    text: 'Two fragments disagree about where their datagram ends.',
  },
  'fragment-overlap': {
    severity: 'severe',
    rfc: 'RFC 5722 §4',
    text: 'Fragments of one datagram overlap (teardrop and its kin).',
  },
  'fragment-many': {
    severity: 'severe',
    rfc: 'RFC 791 §3.2',
    text: 'A datagram has more pieces with holes between them than are kept.',
  },
} as const satisfies Record<string, AnomalyDescription>;

export type IpAnomaly = keyof typeof IP_ANOMALIES;
