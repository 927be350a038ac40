/** The bytes of a list → what goes into force, or why none of it does. */
import type { Address, AddressRange } from '../core/base/address.ts';
import { countRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { ListFormat, ReadResult } from '../lists/entry.ts';
import { ListReader } from '../lists/list-reader.ts';
import { FeedError } from './feed-error.ts';
import { GradualPacker } from './gradual-packer.ts';
import { coveredShare, implausible, SHARE_MAX, type RefusalReason } from './implausible.ts';

export interface FeedContent {
  ranges: PackedRanges;
  /** What the list was read as. */
  format: ListFormat | null;
  /** Entries taken, before overlapping and neighbouring ones are joined. */
  entries: number;
  /** Lines that are no entry; the first ones with their place. Values are escaped and cut. */
  bad: { total: number; first: BadLine[] };
  /** Entries that no list of attackers can mean. */
  refused: { total: number; first: RefusedEntry[] };
}

export interface BadLine {
  line: number;
  value: string;
  why: string;
}

export interface RefusedEntry {
  line: number;
  address: string;
  reason: RefusalReason;
  why: string;
}

/** Ranges of one feed in the kernel. */
export const FEED_RANGES_MAX = 1_000_000;
/** Bad lines and refused entries that are named, of each. */
export const NAMED_MAX = 10;
/** Read between two pauses: about 4 ms of work for a list of bare addresses. */
const SLICE_BYTES = 65_536;

export interface ReadContext {
  /** Milliseconds since the epoch: entries that had an end before are left out. */
  now: number;
  /** This machine's addresses. */
  own: readonly Address[];
  signal: AbortSignal;
}

/**
 * Others work in between: a million addresses take 1.5 s of processor time in IPv4, 2.5 s in IPv6, in slices of at most 85 ms (the
 * last merges). Errors: `FeedError` when the whole list is refused; the signal’s reason when it aborted.
 */
export async function readFeed(bytes: Uint8Array, { now, own, signal }: ReadContext): Promise<FeedContent> {
  refusePage(bytes);
  const packer = new GradualPacker();
  const refused: FeedContent['refused'] = { total: 0, first: [] };
  let entries = 0;
  const take = (line: number, address: string, range: AddressRange) => {
    const problem = implausible(range, own);
    if (!problem) {
      packer.add(range);
      entries++;
      return;
    }
    refused.total++;
    if (refused.first.length < NAMED_MAX) refused.first.push({ line, address, ...problem });
  };
  // How wide an entry may be is decided here, with the reason kept apart from lines that are wrong.
  const options = { list: 'feed', now, allowWide: true, entriesMax: FEED_RANGES_MAX } as const;
  const reader = new ListReader(options, (entry) => take(entry.line, entry.address, entry.range!));
  for (let at = 0; at < bytes.length && !reader.stopped; at += SLICE_BYTES) {
    reader.push(bytes.subarray(at, at + SLICE_BYTES));
    await pause(signal);
  }
  const result = reader.end();
  refuseWhole(bytes, result);
  const ranges = await packer.pack(() => pause(signal));
  refuseAmount(ranges);
  const first = result.problems.slice(0, NAMED_MAX).map(({ line, value, why }) => ({ line, value, why }));
  return { ranges, format: result.format, entries, bad: { total: result.counts.refused, first }, refused };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => (signal.aborted ? reject(signal.reason as Error) : resolve()));
  });
}

/** An error page or a log-in with status 200. */
function refusePage(bytes: Uint8Array): void {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  if (/^(?:\xef\xbb\xbf)?\s*(?:<!--[^]*?-->\s*)*<(?:!doctype|html|head|body|\?xml)\b/i.test(head)) {
    throw new FeedError('feed-not-a-list', 'it is a web page, not a list of addresses');
  }
}

function refuseWhole(bytes: Uint8Array, { counts, fatal, problems }: ReadResult): void {
  if (fatal?.code === 'too-many-entries') {
    throw new FeedError('feed-too-many', `it has more than ${FEED_RANGES_MAX} entries`);
  }
  if (fatal) throw new FeedError('feed-not-a-list', `line ${fatal.line}: ${fatal.why}; expected ${fatal.expected}`);
  if (counts.refused * 2 > counts.records) {
    const [{ line, value, why }] = problems;
    const text = `${counts.refused} of ${counts.records} lines are no addresses; line ${line} ("${value}"): ${why}`;
    throw new FeedError('feed-mostly-bad', text);
  }
  // A file that is being written begins empty, and so does the answer of a broken script.
  if (counts.records === 0 && bytes.every((byte) => byte <= 0x20)) throw new FeedError('feed-empty', 'it has no line');
}

function refuseAmount(ranges: PackedRanges): void {
  if (countRanges(ranges) > FEED_RANGES_MAX) {
    throw new FeedError('feed-too-many', `it has more than ${FEED_RANGES_MAX} ranges`);
  }
  const share = coveredShare(ranges);
  if (share > SHARE_MAX) {
    const text = `it covers ${Math.round(share * 100)} % of all addresses; at most ${SHARE_MAX * 100} %`;
    throw new FeedError('feed-too-wide', text);
  }
}
