/** What is wrong with an address that people typed. `core/base/address.ts` only says that it is wrong. */
import { parseAddress, parseRange } from '../core/base/address.ts';

const EXAMPLE = 'write 192.0.2.1, 192.0.2.0/24, 192.0.2.10-192.0.2.20 or 2001:db8::/32';

/** Null when the text is an address, a CIDR or a range; otherwise a sentence with every reason that can be named. */
export function rangeProblem(text: string): string | null {
  if (parseRange(text) !== null) return null;
  if (text.trim() === '') return `the address is empty: ${EXAMPLE}`;
  if (text !== text.trim()) return 'no spaces around the address';
  const dash = text.indexOf('-');
  if (dash > 0 && /^[0-9a-f.:]+$/i.test(text.slice(0, dash).trim())) return spanProblem(text, dash);
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const reasons = addressProblems(address);
  if (slash >= 0) {
    const bits = text.slice(slash + 1);
    const width = address.includes(':') ? 128 : 32;
    const family = width === 32 ? 'IPv4' : 'IPv6';
    if (/^\d+\.\d+\.\d+\.\d+$/.test(bits))
      reasons.push(`a prefix is a length, not a mask: write /24 for 255.255.255.0`);
    else if (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width) {
      reasons.push(`an ${family} prefix goes from 0 to ${width}, not ${quote(bits)}`);
    }
  }
  return reasons.length > 0 ? reasons.join('; ') : `this is no address: ${EXAMPLE}`;
}

function spanProblem(text: string, dash: number): string {
  const ends = [text.slice(0, dash).trim(), text.slice(dash + 1).trim()];
  const reasons = ends.flatMap((end) => (parseAddress(end) ? [] : addressProblems(end)));
  if (reasons.length > 0) return reasons.join('; ');
  if (ends[0].includes(':') !== ends[1].includes(':')) return 'both ends of a range must be of one family';
  return `the range runs backwards: write ${ends[1]}-${ends[0]}`;
}

function addressProblems(text: string): string[] {
  if (parseAddress(text)) return [];
  if (text === '') return [`an address is missing: ${EXAMPLE}`];
  if (text.includes('%')) return ['no zone: leave out everything from % on'];
  if (text.includes(':')) return [`${quote(text)} is no IPv6 address: write 2001:db8::1`];
  if (/^[\d.]+$/.test(text)) {
    const octets = text.split('.');
    const reasons: string[] = [];
    for (const octet of octets.slice(0, 8)) {
      if (octet === '') reasons.push('an octet is empty');
      else if (octet.length > 1 && octet.startsWith('0')) reasons.push(`${quote(octet)}: no leading zeros`);
      else if (Number(octet) > 255) reasons.push(`${quote(octet)} is no octet: octets go from 0 to 255`);
    }
    if (octets.length !== 4) reasons.push(`an IPv4 address has 4 octets, not ${octets.length}: write 192.0.2.1`);
    return reasons;
  }
  return [`${quote(text)} is no address (names are not looked up): ${EXAMPLE}`];
}

function quote(text: string): string {
  return `"${text.length > 45 ? `${text.slice(0, 45)}…` : text}"`;
}
