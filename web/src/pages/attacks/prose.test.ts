import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DETECTORS } from '../../../../src/core/base/policy.ts';
import { inlineParts, proseOf } from './prose.ts';

const PAGES = join(import.meta.dirname, '../../../../docs/detectors');

test('paragraphs and lists stay, headings, tables and code go', () => {
  const page = '# Title\n\nOne\ntwo.\n- a\n  b\n- c\n\n```yaml\nx: 1\n\ny: 2\n```\n\n| a |\n|---|\n\nEnd.\n';
  expect(proseOf(page)).toEqual([
    { list: false, texts: ['One two.'] },
    { list: true, texts: ['a b', 'c'] },
    { list: false, texts: ['End.'] },
  ]);
});

test('bold, code, emphasis and links', () => {
  expect(inlineParts('**What.** A *bad* `401`, see [`the page`](x.md).')).toEqual([
    { style: 'bold', text: 'What.' },
    { style: 'plain', text: ' A ' },
    { style: 'plain', text: 'bad' },
    { style: 'plain', text: ' ' },
    { style: 'code', text: '401' },
    { style: 'plain', text: ', see ' },
    { style: 'plain', text: 'the page' },
    { style: 'plain', text: '.' },
  ]);
});

test.each([...DETECTORS])('%s has a page whose prose leaves no marks behind', (kind) => {
  expect(readdirSync(PAGES)).toContain(`${kind}.md`);
  const prose = proseOf(readFileSync(join(PAGES, `${kind}.md`), 'utf8'));
  expect(prose.length).toBeGreaterThan(2);
  const plain = prose
    .flatMap(({ texts }) => texts)
    .flatMap(inlineParts)
    .filter(({ style }) => style !== 'code');
  expect(plain.filter(({ text }) => /\*\*|`|\]\(/.test(text))).toEqual([]);
});
