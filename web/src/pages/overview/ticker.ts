/** What the ticker shows: a line for each attack and each change of a block, the latest first, in a bounded list. */
import type { components } from '../../api/schema.d.ts';

export type Incident = components['schemas']['Incident'];
export type Block = components['schemas']['Block'];
export type Unblock = components['schemas']['Unblock'];

export const LINES_MAX = 40;

export type Line = { key: string; at: number } & (
  { what: 'attack'; of: Incident } | { what: 'block'; of: Block } | { what: 'unblock'; of: Unblock }
);

export function attackLine(of: Incident): Line {
  return { key: `attack ${of.id}`, at: of.first, what: 'attack', of };
}

export function blockLine(of: Block): Line {
  return { key: `block ${of.target} ${of.since}`, at: of.since, what: 'block', of };
}

export function unblockLine(of: Unblock): Line {
  return { key: `unblock ${of.target} ${of.at}`, at: of.at, what: 'unblock', of };
}

/** An attack that goes on is told again and again: its line stays where it is and gets the new numbers. */
export function withLine(lines: readonly Line[], line: Line): Line[] {
  const place = lines.findIndex(({ key }) => key === line.key);
  if (place >= 0) return lines.with(place, line);
  const older = lines.findIndex(({ at }) => at <= line.at);
  return lines.toSpliced(older < 0 ? lines.length : older, 0, line).slice(0, LINES_MAX);
}
