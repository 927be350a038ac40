/** One address as files have it: an address, a CIDR, a range, or (on the allowlist) a host name. */
import {
  formatRange,
  isV4,
  parseAddress,
  parseRange,
  prefixRange,
  type Address,
  type AddressRange,
} from '../core/base/address.ts';
import { rangeProblem } from '../policy/address-text.ts';
import type { NoteCode, ProblemCode, ReadOptions } from './entry.ts';
import { looksLikeName, parseHostName } from './host-name.ts';
import { PlainAddresses } from './plain-address.ts';

export interface AddressCell {
  /** Canonical text. */
  address: string;
  range: AddressRange | null;
  /** What was understood in another way than it was written. */
  note: { code: NoteCode; text: string } | null;
}

export interface CellProblem {
  code: ProblemCode;
  why: string;
  expected: string;
}

export const EXPECTED_ADDRESS = '192.0.2.1, 192.0.2.0/24, 192.0.2.10-192.0.2.20 or 2001:db8::/32';
/** No address, range or host name is longer. */
const CELL_CHARS_MAX = 256;

/**
 * The shortest prefix that an entry may have. `0.0.0.0/0` on the denylist cuts everybody off, on the allowlist it switches the
 * firewall off; both come from a slip of the pen. Private networks (10.0.0.0/8, fc00::/7) and what a registry hands out
 * (2a00::/12) stay possible; feeds of bogons have 224.0.0.0/3.
 */
const WIDEST: Record<ReadOptions['list'], { v4: number; v6: number }> = {
  allow: { v4: 8, v6: 7 },
  deny: { v4: 8, v6: 7 },
  feed: { v4: 3, v6: 3 },
};

export class AddressReader {
  private readonly list: ReadOptions['list'];
  private readonly allowWide: boolean;
  private readonly plain = new PlainAddresses();

  constructor({ list, allowWide }: Pick<ReadOptions, 'list' | 'allowWide'>) {
    this.list = list;
    this.allowWide = allowWide ?? false;
  }

  read(text: string): AddressCell | CellProblem {
    const plain = this.plain.parse(text);
    if (plain !== null && (this.allowWide || !this.tooWide(plain))) return { address: text, range: plain, note: null };
    if (text.length > CELL_CHARS_MAX) return invalid(`no address has more than ${CELL_CHARS_MAX} characters`);
    const range = parseRange(text);
    const mapped = isMappedPrefix(text);
    if (range === null || mapped) return this.readOther(text, mapped);
    if (!this.allowWide && this.tooWide(range)) return this.wideProblem(range);
    return { address: formatRange(range), range, note: noteAbout(text, range) };
  }

  private readOther(text: string, mapped: boolean): AddressCell | CellProblem {
    if (text === '') {
      return { code: 'address-empty', why: 'there is no address', expected: EXPECTED_ADDRESS };
    }
    if (mapped) {
      // `::ffff:192.0.2.1/24` may mean 192.0.2.0/24 or the first 24 of 128 bits; only lengths from 96 on mean one thing.
      const [text4, bits] = text.split('/');
      const address = parseAddress(text4)!;
      if (!/^(9[6-9]|1[01]\d|12[0-8])$/.test(bits))
        return invalid('a prefix of an IPv4-mapped address goes from 96 to 128', 'the same in IPv4: 192.0.2.0/24');
      const range = prefixRange(address, Number(bits) - 96);
      if (!this.allowWide && this.tooWide(range)) return this.wideProblem(range);
      const canonical = formatRange(range);
      return { address: canonical, range, note: { code: 'ipv4-mapped', text: `taken as ${canonical}` } };
    }
    const name = looksLikeName(text) ? parseHostName(text) : null;
    if (name && 'name' in name) {
      if (this.list === 'allow') return { address: name.name, range: null, note: null };
      return {
        code: 'host-name-not-here',
        why: 'a host name belongs on the allowlist only: whoever controls the name would choose what is blocked',
        expected: 'its address',
      };
    }
    if (name && this.list === 'allow') {
      return { code: 'host-name-invalid', why: name.problem, expected: `${EXPECTED_ADDRESS}, or sip.example.org` };
    }
    return invalid(rangeProblem(text) ?? 'this is no address');
  }

  private tooWide(range: AddressRange): boolean {
    return isTooWide(this.list, range);
  }

  private wideProblem(range: AddressRange): CellProblem {
    const { effect, bits } = wideEntry(this.list, range);
    return { code: 'too-wide', why: `${formatRange(range)}: ${effect}`, expected: `at most a /${bits}` };
  }
}

/** What so wide an entry would do, and the shortest prefix that needs no second thought. */
export function wideEntry(list: ReadOptions['list'], range: AddressRange): { effect: string; bits: number } {
  const effect =
    list === 'allow'
      ? 'nobody in so large a part of the Internet would ever be blocked'
      : 'it covers so large a part of the Internet that it would cut off your own phones';
  return { effect, bits: isV4(range.first) ? WIDEST[list].v4 : WIDEST[list].v6 };
}

export function isTooWide(list: ReadOptions['list'], range: AddressRange): boolean {
  const { v4, v6 } = WIDEST[list];
  return isV4(range.first)
    ? range.last.w3 - range.first.w3 >= 2 ** (32 - v4)
    : range.last.w0 - range.first.w0 >= 2 ** (32 - v6);
}

function invalid(why: string, expected = EXPECTED_ADDRESS): CellProblem {
  return { code: 'address-invalid', why, expected };
}

function noteAbout(text: string, range: AddressRange): AddressCell['note'] {
  const slash = text.indexOf('/');
  if (slash > 0) {
    const written = parseAddress(text.slice(0, slash));
    if (written !== null && !same(written, range.first))
      return { code: 'host-bits', text: `taken as the network ${formatRange(range)}` };
  } else if (text.includes(':') && isV4(range.first)) {
    return { code: 'ipv4-mapped', text: `taken as ${formatRange(range)}` };
  }
  return null;
}

function same(a: Address, b: Address): boolean {
  return a.w0 === b.w0 && a.w1 === b.w1 && a.w2 === b.w2 && a.w3 === b.w3;
}

function isMappedPrefix(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0 || !text.includes(':')) return false;
  const address = parseAddress(text.slice(0, slash));
  return address !== null && isV4(address);
}
