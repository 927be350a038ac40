/** One message for many that were held back: all facts are in its CSV. */
import { gzipSync } from 'node:zlib';
import { campaignFacts } from '../group/campaign-facts.ts';
import { STORM_LINES_MAX, type AttackFacts, type Notice, type ReadyAttachment, type StormNotice } from '../notice.ts';
import { stormCsv } from '../render/storm-csv.ts';

/** Mail servers refuse what is much larger; 20,000 attacks are 6 MB of CSV and less than 1 MB packed. */
const PLAIN_BYTES_MAX = 2 * 1_048_576;

/** Of the lists of campaigns in one digest; the attack log has what is beyond. */
const ATTACHED_BYTES_MAX = 8 * 1_048_576;

export interface DigestOf {
  id: string;
  at: number;
  cause: StormNotice['cause'];
  perHourMax: number;
  lost: number;
  consoleUrl: string | null;
}

/** `notices`: at least one, oldest first. */
export function digest(
  notices: readonly Notice[],
  { id, at, cause, perHourMax, lost, consoleUrl }: DigestOf,
): StormNotice {
  const attacks = new Map<string, AttackFacts>();
  const lines: StormNotice['lines'] = [];
  for (const notice of notices) {
    // A later notice knows more of the same incident.
    for (const attack of attacksOf(notice)) attacks.set(attack.incident, attack);
    const text = lineOf(notice);
    if (text !== null && lines.length < STORM_LINES_MAX) lines.push({ at: notice.at, text });
  }
  return {
    ...{ kind: 'storm', id, at, cause, perHourMax, lost, lines },
    from: Math.min(...[notices[0], notices.at(-1)!].map((notice) => notice.at)),
    to: Math.max(...[notices[0], notices.at(-1)!].map((notice) => notice.at)),
    notices: notices.length,
    campaign: campaignFacts([...attacks.values()], at, consoleUrl),
    attachments: [
      asAttachment(stormCsv(notices)),
      // The lists of campaigns that ended meanwhile.
      ...withinBytes(notices.flatMap((notice) => (notice.kind === 'campaign-ended' ? notice.attachments : []))),
    ],
  };
}

function withinBytes(files: readonly ReadyAttachment[]): ReadyAttachment[] {
  let bytes = 0;
  return files.filter(({ base64 }) => (bytes += base64.length) <= ATTACHED_BYTES_MAX);
}

/** Packed when it is large. */
export function asAttachment(csv: ReadyAttachment): ReadyAttachment {
  const bytes = Buffer.from(csv.base64, 'base64');
  if (bytes.length <= PLAIN_BYTES_MAX) return csv;
  return { name: `${csv.name}.gz`, contentType: 'application/gzip', base64: gzipSync(bytes).toString('base64') };
}

function attacksOf(notice: Notice): AttackFacts[] {
  if (notice.kind === 'invite-limit') return [notice.attack];
  return 'attack' in notice ? [notice.attack, ...notice.others] : [];
}

function lineOf(notice: Notice): string | null {
  switch (notice.kind) {
    case 'trouble':
      return `${notice.code}: ${notice.text}`;
    case 'campaign-opened':
      return `a campaign began: ${notice.campaign.sources} sources`;
    case 'campaign-ended':
      return `a campaign ended: ${notice.campaign.sources} sources, ${notice.campaign.incidents} attacks`;
    default:
      return null;
  }
}
