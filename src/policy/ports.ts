/** Port lists as people write them: `5060,5062,5070-5080`. */
import type { PortRange } from '../core/base/policy.ts';

/** Pieces of one list. More is no port plan but an accident, and every piece becomes an element of a kernel set. */
export const PORT_PIECES_MAX = 1000;

const EXAMPLE = 'write 5060,5062,5070-5080';

/** The ranges as written, or every bad piece with the reason. Spaces around pieces are a tolerance. */
export function parsePorts(text: string): { ranges: PortRange[] } | { problem: string } {
  if (text.trim() === '') return { problem: `the list is empty: ${EXAMPLE}` };
  const pieces = text.split(',');
  if (pieces.length > PORT_PIECES_MAX) return { problem: `more than ${PORT_PIECES_MAX} pieces: ${EXAMPLE}` };
  const ranges: PortRange[] = [];
  const problems: string[] = [];
  for (const raw of pieces) {
    const piece = raw.trim();
    const range = parsePiece(piece);
    if (typeof range === 'string') problems.push(range);
    else ranges.push(range);
  }
  return problems.length === 0 ? { ranges } : { problem: problems.slice(0, 10).join('; ') };
}

function parsePiece(piece: string): PortRange | string {
  const quoted = `"${piece.length > 40 ? `${piece.slice(0, 40)}…` : piece}"`;
  if (piece === '') return `a piece between commas is empty: ${EXAMPLE}`;
  const match = /^(\d*)(?:\s*(-)\s*(\d*))?$/.exec(piece);
  if (!match) return `${quoted} is no port: ports are numbers from 1 to 65535, ${EXAMPLE}`;
  const [, from, dash, to] = match;
  if (dash !== undefined && from === '' && to === '') return `${quoted} has no ports around the dash: ${EXAMPLE}`;
  if (dash !== undefined && to === '') return `${quoted} has no last port: write ${from}-${nextPort(from)} or ${from}`;
  if (dash !== undefined && from === '') return `${quoted} has no first port: write 1-${to} or ${to}`;
  const first = Number(from);
  const last = dash === undefined ? first : Number(to);
  for (const port of [first, last]) {
    if (port < 1 || port > 65535)
      return `${quoted}: ${port === first ? from : to} is no port: ports go from 1 to 65535`;
  }
  if (first > last) return `${quoted} runs backwards: write ${last}-${first}`;
  return { first, last };
}

function nextPort(from: string): number {
  const port = Number(from);
  return port > 0 && port < 65_535 ? Math.min(65_535, port + 10) : 65_535;
}

/** Sorted, overlapping and adjoining ranges made one: what the kernel's interval sets want. */
export function mergePorts(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first || a.last - b.last);
  const merged: PortRange[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before && range.first <= before.last + 1) before.last = Math.max(before.last, range.last);
    else merged.push({ ...range });
  }
  return merged;
}

export function formatPorts(ranges: readonly PortRange[]): string {
  return ranges.map((r) => (r.first === r.last ? `${r.first}` : `${r.first}-${r.last}`)).join(',');
}
