import { expect, test } from 'vitest';
import { editText } from './edit.ts';
import { setAt } from './paths.ts';
import { renderPolicy } from './render.ts';
import { defaultDocument } from './default-document.ts';
import { describePolicy } from './schema.ts';
import { parsePolicy } from './yaml-file.ts';

function edited(text: string, path: string, value: string): string | null {
  const parsed = parsePolicy(text, 'p');
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  const changed = setAt(parsed.document, path, value);
  if ('errors' in changed) throw new Error(JSON.stringify(changed.errors));
  return editText(text, path, changed.document);
}

// Comments, order and blank lines are the person's; only the value changes.
test.each<[name: string, text: string, path: string, value: string, after: string | null]>([
  [
    'a value that is there',
    '# ours\nmode: protect # since May\n\nblock:\n  for: 1h # too short?\n',
    'block.for',
    '2h',
    '# ours\nmode: protect # since May\n\nblock:\n  for: 2h # too short?\n',
  ],
  [
    'a value that is not there yet',
    '# ours\nmode: protect\n',
    'block.for',
    '2h',
    '# ours\nmode: protect\nblock:\n  for: 2h\n',
  ],
  ['an empty file', '', 'mode', 'monitor', 'mode: monitor\n'],
  ['only comments', '# ours\n', 'mode', 'monitor', '# ours\n\nmode: monitor\n'],
  ['a list', 'guests: [192.0.2.1] # x\n', 'guests', '192.0.2.2,192.0.2.3', 'guests: [ 192.0.2.2, 192.0.2.3 ] # x\n'],
  [
    'a list of sections',
    '# x\nmode: protect\n',
    'feeds',
    '[{ name: a, file: /a }]',
    '# x\nmode: protect\nfeeds:\n  - name: a\n    file: /a\n    every: 1h\n    action: block\n    bytesMax: 16777216\n',
  ],
  [
    'both transports',
    'ports:\n  sip: 5060 # both\n',
    'ports.sip',
    '5070',
    'ports:\n  sip:\n    udp: "5070"\n    tcp: "5070"\n',
  ],
  // What cannot be kept is rendered anew by the caller.
  ['one transport of a list for both', 'ports:\n  sip: 5060\n', 'ports.sip.udp', '5070', null],
  ['an anchor that another field shares', 'ports: { sip: { udp: &p 5060, tcp: *p } }\n', 'ports.sip.udp', '5070', null],
])('%s', (_name, text, path, value, after) => expect(edited(text, path, value)).toBe(after));

test('of the rendered policy every field can be changed, and every comment stays', () => {
  const text = renderPolicy(defaultDocument);
  const comments = (all: string) => all.match(/#.*/g);
  const VALUES: Record<string, string> = {
    duration: '7h',
    ports: '7000',
    boolean: 'false',
    integer: '77',
    number: '0.3',
  };
  const LISTS: Record<string, string> = { ranges: '192.0.2.1', agents: 'a', countries: 'DE', text: '/x' };
  let tried = 0;
  for (const { path, kind } of describePolicy()) {
    const value = VALUES[kind] ?? LISTS[kind];
    if (path.includes('[]') || value === undefined) continue;
    const changed = setAt(
      defaultDocument,
      path,
      path.endsWith('accountId') ? '7' : path.endsWith('url') ? 'https://h' : value,
    );
    if ('errors' in changed) continue;
    const after = editText(text, path, changed.document)!;
    expect(comments(after), path).toEqual(comments(text));
    expect(parsePolicy(after, 'p'), path).toEqual({ document: changed.document });
    tried++;
  }
  expect(tried).toBeGreaterThan(40);
});
