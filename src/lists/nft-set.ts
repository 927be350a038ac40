/** What both forms of nft's output share. */
import type { Intake } from './intake.ts';

export interface NftElement {
  /** As in a list file: an address, a prefix or a range. */
  address: string;
  comment: string | undefined;
  /** Milliseconds that are left; undefined: no end is given. */
  leftMs: number | undefined;
}

export function takeElement(intake: Intake, set: string, line: number, { address, comment, leftMs }: NftElement): void {
  if (!intake.wants(set)) return;
  intake.take(line, address, {
    comment: comment ?? `nft: ${set}`,
    until: leftMs === undefined ? undefined : endAfter(leftMs, intake),
    addedBy: undefined,
    addedAt: undefined,
  });
}

/** The kernel counts in 64 bits, dates go no further than the year 275760: a thousand years are no end. */
const LEFT_MAX_MS = 31_557_600_000_000;

function endAfter(leftMs: number, { options }: Intake): number | null {
  return leftMs > LEFT_MAX_MS ? null : (options.writtenAt ?? options.now) + leftMs;
}

export function refuseTuple(intake: Intake, set: string, line: number, text: string): void {
  if (!intake.wants(set)) return;
  const why = 'the element holds for a combination, such as an address and a port; an entry holds for all';
  intake.refuse(line, 'port-in-entry', text, why, 'the address alone, if that is meant');
}

export function skipSet(intake: Intake, line: number, set: string, type: string): void {
  intake.note(line, 'set-skipped', set, `its elements are no addresses but ${type}`);
}

const UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1];
const DURATION = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** `2d3h4m5s928ms` or plain seconds; undefined when it is none. */
export function nftDuration(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text.length > 64) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const match = DURATION.exec(text);
  return match ? UNITS_MS.reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0) : undefined;
}
