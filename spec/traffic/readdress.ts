/** The same sample between other addresses: in the packets, and wherever a message names one (RFC 3261 §25.1). */
import { endpoint, type Endpoint, type Traffic } from './datagram.ts';

const V4_TEXT = /\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b/g;

export function readdress(traffic: Traffic, to: (e: Endpoint) => Endpoint): Traffic {
  const hosts = new Set(traffic.flatMap((d) => [d.from.host, d.to.host]));
  const swap = (text: string) => (hosts.has(text) ? to(endpoint(text, 0)).host : text);
  return traffic.map((d) => {
    const text = Buffer.from(d.payload).toString('latin1').replace(V4_TEXT, swap);
    const cut = text.indexOf('\r\n\r\n');
    const before = Buffer.from(d.payload).indexOf('\r\n\r\n');
    // The body changed its length with its addresses.
    const grown = text.length - cut - (d.payload.length - before);
    const payload =
      grown === 0 ? text : text.replace(/(Content-Length: )([0-9]+)/, (_, n, l) => n + (Number(l) + grown));
    return { ...d, from: to(d.from), to: to(d.to), payload: Buffer.from(payload, 'latin1') };
  });
}
