/**
 * The Markdown of `spec/sip` and `spec/tftp`: cases under headings, each an input block and the block that says what must come
 * of it. The notation is described in README.md beside this file.
 */
export interface Case {
  /** File and heading, for the test's name. */
  title: string;
  file: string;
  /** First word of the input block's info string: `sip`, `stream`, `tftp`. */
  language: string;
  /** Input between `{gap}` marks; one part where there is none. */
  parts: Uint8Array[];
  expected: string[];
  /** Line numbers (from 0) of the first and last line inside the expectation's fence, for rewriting it. */
  expectedFirst: number;
  expectedLast: number;
}

const FENCE = '```';

/** Reads every case of a document. Throws, with file and line, on a document that does not follow the notation. */
export function readCases(file: string, text: string): Case[] {
  const lines = text.split('\n');
  const cases: Case[] = [];
  let heading = '';
  let input: { language: string; parts: Uint8Array[]; line: number } | null = null;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    if (!line.startsWith(FENCE)) continue;
    const [language, ...options] = line.slice(FENCE.length).trim().split(/\s+/);
    const first = i + 1;
    let last = first;
    while (last < lines.length && lines[last] !== FENCE) last++;
    if (last === lines.length) throw new Error(`${file}:${i + 1}: the block is never closed`);
    const block = lines.slice(first, last);
    i = last;
    if (language === 'expect') {
      if (!input) throw new Error(`${file}:${first}: an expectation without an input block before it`);
      const { language: kind, parts } = input;
      const same = cases.filter((c) => c.title.startsWith(heading)).length;
      const title = same === 0 ? heading : `${heading} (${same + 1})`;
      cases.push({ title, file, language: kind, parts, expected: block, expectedFirst: first, expectedLast: last });
      input = null;
    } else if (language === 'sip' || language === 'stream' || language === 'tftp') {
      if (input) throw new Error(`${file}:${first}: the input block at line ${input.line} has no expectation`);
      input = { language, parts: readInput(block, options, `${file}:${first}`), line: first };
    }
  }
  if (input) throw new Error(`${file}:${input.line}: the input block has no expectation`);
  return cases;
}

const TAG = /\{(CR|LF|NUL|SP|TAB|join|gap|hex(?: [0-9A-Fa-f]{2})+|repeat \d+ [^}]*)\}/g;
const LINE_ENDS: Record<string, number[]> = { crlf: [13, 10], lf: [10], cr: [13], none: [] };
const ONE_BYTE: Record<string, number> = { CR: 13, LF: 10, NUL: 0, SP: 32, TAB: 9 };

function readInput(block: string[], options: string[], where: string): Uint8Array[] {
  const lineEnd = LINE_ENDS[options[0] ?? 'crlf'];
  if (!lineEnd) throw new Error(`${where}: "${options[0]}" is no line end; expected crlf, lf, cr or none`);
  const parts: number[][] = [[]];
  const utf8 = new TextEncoder();
  for (const line of block) {
    let joined = false;
    let from = 0;
    const out = () => parts[parts.length - 1];
    const put = (text: string) => {
      for (const byte of utf8.encode(text)) out().push(byte);
    };
    for (const match of line.matchAll(TAG)) {
      put(line.slice(from, match.index));
      from = match.index + match[0].length;
      const [word, ...rest] = match[1].split(' ');
      if (word === 'join') joined = true;
      else if (word === 'gap') parts.push([]);
      else if (word === 'hex') out().push(...rest.map((pair) => parseInt(pair, 16)));
      else if (word === 'repeat' && rest[1] === 'hex') {
        for (let n = Number(rest[0]); n > 0; n--) out().push(...rest.slice(2).map((pair) => parseInt(pair, 16)));
      } else if (word === 'repeat') put(rest.slice(1).join(' ').repeat(Number(rest[0])));
      else out().push(ONE_BYTE[word]);
    }
    put(line.slice(from));
    if (!joined) out().push(...lineEnd);
  }
  return parts.map((part) => Uint8Array.from(part));
}

/** The document with other expectations; for `SPEC_UPDATE=1`, whose result is read before it is committed. */
export function rewrite(text: string, cases: readonly Case[], actual: readonly string[][]): string {
  const lines = text.split('\n');
  for (let i = cases.length - 1; i >= 0; i--) {
    lines.splice(cases[i].expectedFirst, cases[i].expectedLast - cases[i].expectedFirst, ...actual[i]);
  }
  return lines.join('\n');
}
