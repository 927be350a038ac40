/** Content as plain text, for mails, syslog and commands. */
import type { Content, Fact, Table } from './content.ts';

/** RFC 5322 §2.1.1: lines of at most 78 characters; a value that cannot be broken (a long user agent) may be longer. */
const LINE_CHARS = 76;

export function textOf(content: Content, host: string): string {
  if (content.ready) return content.ready.text;
  const { badge, headline, summary, facts, tables, steps, link, attached } = content;
  const parts = [
    `${badge.toUpperCase()}: ${headline}`,
    wrapped(attached === null ? summary : `${summary} ${attached}`, 0),
    factLines(facts),
    ...tables.map(tableLines),
    stepLines(steps),
    link === null ? '' : `More: ${link}`,
    `-- \nRingfence on ${host}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function factLines(facts: Fact[]): string {
  const width = Math.max(0, ...facts.map(({ label }) => label.length)) + 2;
  return facts.map(({ label, value }) => `${`${label}:`.padEnd(width)}${wrapped(value, width)}`).join('\n');
}

function tableLines({ title, titles, rows, more }: Table): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, i) => Math.max(...lines.map((cells) => cells[i].length)));
  const printed = lines.map((cells) => `  ${cells.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd());
  return [`${title}:`, ...printed, ...(more === null ? [] : [`  ${more}`])].join('\n');
}

function stepLines(steps: Content['steps']): string {
  if (steps.length === 0) return '';
  const lines = steps.flatMap(({ what, command, link }) => [
    `* ${wrapped(what, 2)}`,
    ...(command === null ? [] : [`      ${command}`]),
    ...(link === null ? [] : [`      ${link}`]),
  ]);
  return ['What you can do now:', ...lines].join('\n');
}

/** Broken at spaces; lines after the first are indented. */
function wrapped(text: string, indent: number): string {
  let line = '';
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LINE_CHARS - indent) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
