/**
 * Runs every case of the Markdown files in this folder. An expectation is complete: a field or an anomaly that it does not
 * list must not be there. `SPEC_UPDATE=1` writes what came out into the files instead; read the difference before you commit it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ANOMALIES } from '../../src/core/decode/sip/anomalies.ts';
import { KIND_REQUEST, KIND_RESPONSE } from '../../src/core/decode/sip/message.ts';
import { decode, describeMessage, describeStream, frame } from './describe.ts';
import { type Case, readCases, rewrite } from './notation.ts';

const FOLDER = new URL('.', import.meta.url);
/** Every chunk size is tried up to this length; longer messages are fed byte by byte only. */
const SPLIT_BYTES_MAX = 1000;

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md');
const documents = files.map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), 'utf8') }));
const all = documents.flatMap(({ file, text }) => readCases(file, text));

const outcome = (c: Case): string[] =>
  c.language === 'stream' ? streamOutcome(c.parts) : describeMessage(decode(c.parts[0]));

function streamOutcome(parts: readonly Uint8Array[]): string[] {
  const { messages, anomalies } = frame(parts, Infinity);
  return describeStream(messages, anomalies);
}

if (process.env.SPEC_UPDATE === '1') {
  for (const { file, text } of documents) {
    const cases = readCases(file, text);
    writeFileSync(new URL(file, FOLDER), rewrite(text, cases, cases.map(outcome)));
  }
}

for (const c of all) {
  test(`${c.file}: ${c.title}`, () => {
    if (process.env.SPEC_UPDATE !== '1') expect(outcome(c)).toEqual(c.expected);
    if (c.language === 'stream') splitStream(c.parts);
    else refeed(c.parts[0]);
  });
}

/** However the segments fall, the same messages come out. */
function splitStream(parts: readonly Uint8Array[]): void {
  const whole = streamOutcome(parts);
  for (const chunkBytes of [1, 2, 3, 7, 64, 1460]) {
    const { messages, anomalies } = frame(parts, chunkBytes);
    expect(describeStream(messages, anomalies), `in chunks of ${chunkBytes}`).toEqual(whole);
  }
}

/** A message with a true Content-Length comes out of a TCP stream whole, whatever byte the stream is split at. */
function refeed(bytes: Uint8Array): void {
  const m = decode(bytes);
  const begin = bytes.findIndex((c) => c !== 13 && c !== 10 && c !== 0);
  const onStream = (m.kind === KIND_REQUEST || m.kind === KIND_RESPONSE) && bytes[begin] > 32;
  const ended = !m.anomalies.some((a) => a.code === 'header-unterminated');
  if (!onStream || !ended || m.contentLength !== m.end - m.bodyStart) return;
  const expected = describeMessage(decode(bytes.slice(begin))).join('\n');
  // A keep-alive behind it: a header that ends with CR alone is complete only when the next byte is known.
  const fed = Uint8Array.from([...bytes, 13, 10]);
  const sizesMax = fed.length <= SPLIT_BYTES_MAX ? fed.length : 1;
  const outcomes = new Set<string>();
  for (let chunkBytes = 1; chunkBytes <= sizesMax; chunkBytes++) {
    const { messages } = frame([fed], chunkBytes);
    outcomes.add(messages.map((message) => describeMessage(decode(message)).join('\n')).join('\n\n'));
  }
  expect([...outcomes]).toEqual([expected]);
}

/** Section of RFC 4475 → messages in it; 49 in all, none left out. */
const RFC_4475: Record<string, number> = {
  'rfc4475-3.1.1-valid.md': 13,
  'rfc4475-3.1.2-invalid.md': 19,
  'rfc4475-3.2-transaction.md': 1,
  'rfc4475-3.3-application.md': 15,
  'rfc4475-3.4-compatibility.md': 1,
};

test('all 49 messages of RFC 4475 are here', () => {
  for (const [file, count] of Object.entries(RFC_4475)) {
    expect(all.filter((c) => c.file === file).length, file).toBe(count);
  }
});

test('every anomaly is shown by at least one case', () => {
  const shown = new Set(all.flatMap((c) => c.expected.map((line) => /^anomaly: (\S+) /.exec(line)?.[1])));
  expect(Object.keys(ANOMALIES).filter((code) => !shown.has(code))).toEqual([]);
});
