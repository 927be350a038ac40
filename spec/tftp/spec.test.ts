/** Runs every case of the Markdown files in this folder; `SPEC_UPDATE=1` as in `spec/sip`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TFTP_ANOMALIES } from '../../src/core/decode/tftp/anomalies.ts';
import { createTftpMessage, decodeTftp, type TftpMessage } from '../../src/core/decode/tftp/decode.ts';
import { spanText } from '../../src/core/decode/sip/text.ts';
import { readCases, rewrite } from '../sip/notation.ts';

const FOLDER = new URL('.', import.meta.url);
const OPCODES = ['none', 'RRQ', 'WRQ', 'DATA', 'ACK', 'ERROR', 'OACK'];
const message = createTftpMessage();

function describe(bytes: Uint8Array): string[] {
  decodeTftp(bytes, 0, bytes.length, message);
  const m: TftpMessage = message;
  const lines = [`opcode: ${OPCODES[m.opcode]}`];
  const text = (name: string, start: number, end: number) => {
    if (start >= 0) lines.push(`${name}: ${spanText(m.bytes, start, end)}`.trimEnd());
  };
  const number = (name: string, value: number) => {
    if (value >= 0) lines.push(`${name}: ${value}`);
  };
  text('file', m.fileStart, m.fileEnd);
  text('mode', m.modeStart, m.modeEnd);
  if (m.optionCount > 0) number('options', m.optionCount);
  number('blockSize', m.blockSize);
  number('transferSize', m.transferSize);
  number('timeout', m.timeout);
  number('windowSize', m.windowSize);
  number('block', m.block);
  if (m.dataStart >= 0) lines.push(`data: ${m.end - m.dataStart} bytes`);
  number('errorCode', m.errorCode);
  text('text', m.textStart, m.textEnd);
  for (const { code, offset } of m.anomalies) lines.push(`anomaly: ${code} @${offset}`);
  return lines;
}

const documents = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), 'utf8') }));
const all = documents.flatMap(({ file, text }) => readCases(file, text));

if (process.env.SPEC_UPDATE === '1') {
  for (const { file, text } of documents) {
    const cases = readCases(file, text);
    const actual = cases.map((c) => describe(c.parts[0]));
    writeFileSync(new URL(file, FOLDER), rewrite(text, cases, actual));
  }
}

for (const c of all) {
  test(`${c.file}: ${c.title}`, () => {
    if (process.env.SPEC_UPDATE !== '1') expect(describe(c.parts[0])).toEqual(c.expected);
  });
}

test('every anomaly is shown by at least one case', () => {
  const shown = new Set(all.flatMap((c) => c.expected.map((line) => /^anomaly: (\S+) /.exec(line)?.[1])));
  expect(Object.keys(TFTP_ANOMALIES).filter((code) => !shown.has(code))).toEqual([]);
});
