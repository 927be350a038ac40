/** Tables for people: aligned columns without borders (they copy and grep well), never wider than the terminal. */
import { columns, colour } from './terminal.ts';

export interface Column<Row> {
  title: string;
  /** Plain text, already escaped; colours come from `style`, which must not change the width. */
  cell: (row: Row) => string;
  style?: (text: string, row: Row) => string;
  align?: 'left' | 'right';
  /** The narrowest it may become when the terminal is too small; without it the column keeps its full width. */
  widthMin?: number;
  /** Left out first when even that is too wide: the highest number goes first. Without it: never left out. */
  leaveOut?: number;
}

const GAP = 2;

export function renderTable<Row>(all: Column<Row>[], rows: Row[], width: number = columns()): string {
  const shown = [...all];
  for (;;) {
    const cells = rows.map((row) => shown.map((column) => column.cell(row)));
    const widths = fit(shown, cells, width);
    if (widths) return draw(shown, rows, cells, widths);
    const victim = shown.reduce((worst, column) => ((column.leaveOut ?? 0) > (worst.leaveOut ?? 0) ? column : worst));
    if (!victim.leaveOut) return draw(shown, rows, cells, naturalWidths(shown, cells));
    shown.splice(shown.indexOf(victim), 1);
  }
}

function naturalWidths<Row>(shown: Column<Row>[], cells: string[][]): number[] {
  return shown.map((column, i) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[i])), displayWidth(column.title)),
  );
}

/** Widths that fit, taking from the widest shrinkable column first; null when they cannot. */
function fit<Row>(shown: Column<Row>[], cells: string[][], width: number): number[] | null {
  const widths = naturalWidths(shown, cells);
  let excess = widths.reduce((sum, w) => sum + w + GAP, -GAP) - width;
  while (excess > 0) {
    let widest = -1;
    for (let i = 0; i < shown.length; i++) {
      const min = shown[i].widthMin ?? Infinity;
      if (widths[i] > min && (widest < 0 || widths[i] > widths[widest])) widest = i;
    }
    if (widest < 0) return null;
    widths[widest]--;
    excess--;
  }
  return widths;
}

function draw<Row>(shown: Column<Row>[], rows: Row[], cells: string[][], widths: number[]): string {
  const line = (texts: string[], style: (text: string, i: number) => string) =>
    texts
      .map((text, i) => {
        const cut = cutToWidth(text, widths[i]);
        const pad = ' '.repeat(Math.max(0, widths[i] - displayWidth(cut)));
        const styled = style(cut, i);
        if (shown[i].align === 'right') return pad + styled;
        return i === texts.length - 1 ? styled : styled + pad;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(
    shown.map((column) => column.title),
    (text) => colour.dim(text),
  );
  const body = cells.map((row, r) => line(row, (text, i) => shown[i].style?.(text, rows[r]) ?? text));
  return [head, ...body].join('\n');
}

export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const character of text) {
    const step = characterWidth(character.codePointAt(0)!);
    if (used + step > width - 1) break;
    out += character;
    used += step;
  }
  return `${out}…`;
}

/** Terminal cells: two for East Asian wide characters and emoji, none for combining marks (Unicode UAX #11). */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character.codePointAt(0)!);
  return width;
}

const MARK = /^\p{M}$/u;

function characterWidth(code: number): number {
  if (code < 0x300) return 1;
  if (MARK.test(String.fromCodePoint(code))) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** `name   value` lines, the names aligned; a value of several lines stays in its column. Values may be coloured. */
export function renderFields(fields: [name: string, value: string][], indent: number = 0): string {
  const width = fields.reduce((widest, [name]) => Math.max(widest, displayWidth(name)), 0);
  const margin = ' '.repeat(indent);
  return fields
    .map(([name, value]) => {
      const pad = ' '.repeat(width - displayWidth(name) + GAP);
      const [first, ...more] = value.split('\n');
      const rest = more.map((text) => `\n${margin}${' '.repeat(width + GAP)}${text}`).join('');
      return `${margin}${colour.dim(name)}${pad}${first}${rest}`;
    })
    .join('\n');
}

/** Words filled into lines of at most `width` cells. */
export function wrap(text: string, width: number = Math.min(columns(), 100)): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
