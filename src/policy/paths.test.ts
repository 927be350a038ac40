import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRange } from '../core/base/address.ts';
import { DETECTORS, THRESHOLDS } from '../core/base/policy.ts';
import { compilePolicy } from './compile.ts';
import { getAt, setAt } from './paths.ts';
import { renderPolicy } from './render.ts';
import { defaultDocument } from './default-document.ts';
import { describePolicy } from './schema.ts';
import type { PolicyDocument } from './schema.ts';
import { parsePolicy } from './yaml-file.ts';

function set(path: string, text: string): PolicyDocument {
  const result = setAt(defaultDocument, path, text);
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.document;
}

describe('get and set by dotted path', () => {
  test.each<[path: string, text: string, value: unknown]>([
    ['mode', 'monitor', 'monitor'],
    ['detect.flood.threshold', '600', 600],
    ['detect.register-bruteforce.window', '2m', '2m'],
    ['detect.scanner-agent.suspicionWeight', '0.25', 0.25],
    ['block.extend', 'false', false],
    ['ports.sip.udp', '5060,5062', '5060,5062'],
    ['ports.tftp', '69', '69'],
    ['guests', '10.0.0.0/8,2001:db8::/33', ['10.0.0.0/8', '2001:db8::/33']],
    ['guests', '[10.0.0.0/8]', ['10.0.0.0/8']],
    ['guests', '', []],
    ['detect.scanner-agent.certain', '[ "a, b", =PBX ]', ['a, b', '=PBX']],
    [
      'detect.invite-limit.overrides',
      '[{ source: 192.0.2.0/24, simultaneous: 200, threshold: 600 }]',
      [{ source: '192.0.2.0/24', simultaneous: 200, threshold: 600 }],
    ],
    ['countries.list', 'cn, RU', ['CN', 'RU']],
    ['countries.data.shrinkMax', '0.5', 0.5],
    ['countries.data.file', '/etc/geo.csv', '/etc/geo.csv'],
    [
      'overrides',
      '[{ source: 192.0.2.0/24, set: { flood.threshold: 5000 } }]',
      [{ source: '192.0.2.0/24', set: { 'flood.threshold': 5000 } }],
    ],
    [
      'overrides',
      '[{ source: 192.0.2.0/24, set: { flood: { threshold: 5000, addressThreshold: 6000 } } }]',
      [{ source: '192.0.2.0/24', set: { 'flood.threshold': 5000, 'flood.addressThreshold': 6000 } }],
    ],
    [
      'feeds',
      '[{ name: a, file: /a, action: watch }]',
      [{ name: 'a', url: '', file: '/a', every: '1h', action: 'watch', bytesMax: 16_777_216 }],
    ],
    ['feeds', '', []],
  ])('%s = %s', (path, text, value) => {
    const before = structuredClone(defaultDocument);
    const document = set(path, text);
    expect(getAt(document, path)).toEqual({ value });
    // Only that field changed, and only in the new document.
    expect(defaultDocument).toEqual(before);
    const keys = path.split('.');
    const copy = structuredClone(document) as never as Record<string, Record<string, unknown>>;
    const parent = keys.slice(0, -1).reduce<never>((node, key) => node[key] as never, copy as never) as Record<
      string,
      unknown
    >;
    parent[keys.at(-1)!] = (getAt(before, path) as { value: unknown }).value;
    expect(copy).toEqual(before);
  });

  test('ports.sip sets both transports', () => {
    expect(set('ports.sip', '5060,5070-5080').ports.sip).toEqual({ udp: '5060,5070-5080', tcp: '5060,5070-5080' });
  });

  test.each<[path: string, text: string, expected: RegExp, hint: RegExp | null]>([
    ['detect.flod.threshold', '5', /flood/, /did you mean flood/],
    ['detect.flood.treshold', '5', /threshold/, /did you mean threshold/],
    ['detect.flood.threshold.x', '5', /a value, not a section/, null],
    ['', '5', /one of mode/, null],
    ['constructor', '5', /one of mode/, null],
    ['__proto__', '5', /one of mode/, null],
    ['detect.flood', '5', /one of its fields: detect\.flood\.enabled/, null],
    ['detect', '5', /one of its fields: detect\.register-bruteforce, detect\.auth-bruteforce, /, null],
    ['detect.flood.threshold', 'many', /whole number/, null],
    ['detect.flood.threshold', '', /whole number/, null],
    ['detect.flood.threshold', '1e3', /whole number/, null],
    ['ports.sip', '5060-', /ports/, /write 5060-5070/],
    ['guests', '300.1.1.1/40', /CIDR/, /0 to 32/],
    ['guests', '[10.0.0.0/8', /YAML list/, null],
    ['detect.invite-limit.overrides', 'x', /overrides/, null],
    ['detect.invite-limit.overrides[].source', '10.0.0.1', /./, null],
    ['block.for', '3600', /duration/, /3600 has no unit/],
    ['mode', 'x'.repeat(100_000), /at most 65536/, null],
  ])('%s = %.20s is refused', (path, text, expected, hint) => {
    const result = setAt(defaultDocument, path, text);
    if (!('errors' in result)) throw new Error('accepted');
    expect(result.errors[0].expected).toMatch(expected);
    if (hint !== null) expect(result.errors[0].hint).toMatch(hint);
  });

  test('no name is no name of another section', () => {
    expect(setAt(defaultDocument, '', '5')).toMatchObject({ errors: [{ hint: null }] });
  });

  test('get of a section, a list item and an unknown name', () => {
    expect(getAt(defaultDocument, 'block')).toEqual({ value: defaultDocument.block });
    expect(getAt(set('guests', '10.0.0.1'), 'guests.0')).toEqual({ value: '10.0.0.1' });
    expect(getAt(defaultDocument, 'blok')).toMatchObject({ errors: [{ hint: 'did you mean block?' }] });
    expect(getAt(defaultDocument, 'toString')).toHaveProperty('errors');
  });
});

describe('the rendered policy', () => {
  test('parses back to the default, with a comment on every field', () => {
    const text = renderPolicy(defaultDocument);
    expect(parsePolicy(text, 'p')).toEqual({ document: defaultDocument });
    const lines = text.split('\n');
    for (const [i, line] of lines.entries()) if (/^\s*[a-z]/.test(line)) expect(lines[i - 1]).toMatch(/^\s*#/);
  });

  test('parses back to the same document, whatever strings are in it', () => {
    const agent = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((s) => /[\p{L}\p{N}]/u.test(s) && s === s.trim() && !/[\u0000-\u001f\u007f]/.test(s) && s.isWellFormed());
    const words = fc.constantFrom(
      'true',
      'null',
      '12',
      '1e3',

      '=PBX',
      'a: b',
      'a #b',
      '- x1',
      '*a',
      '&a',
      'yes',
      '0x10',
      '1h',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(agent, words), { maxLength: 8 }), (certain) => {
        const document = structuredClone(defaultDocument);
        document.detect['scanner-agent'].certain = certain;
        expect(parsePolicy(renderPolicy(document), 'p')).toEqual({ document });
      }),
      { numRuns: 300 },
    );
  });
});

test('lists of sections are rendered one item a line, without what is the default anyway, and parse back', () => {
  const document = set(
    'feeds',
    '[{ name: a, url: "https://h.example/x y#z" }, { name: b-2, file: /b, every: 2h }]'.replace(' y', ''),
  );
  document.overrides = [
    { source: '192.0.2.0/24', set: { 'flood.threshold': 5000, 'invite-limit.simultaneous': 100 } },
    { source: '2001:db8::/32', set: { 'malformed.threshold': 1 } },
  ];
  document.detect['invite-limit'].overrides = [{ source: '192.0.2.1', simultaneous: 1, threshold: 2 }];
  document.countries = { ...document.countries, mode: 'block', list: ['CN', 'NO'] };
  const text = renderPolicy(document);
  expect(text).toContain('\n  - { name: a, url: "https://h.example/x#z" }\n  - { name: b-2, file: "/b", every: 2h }\n');
  expect(text).toContain(
    '\n  - { source: "192.0.2.0/24", set: { flood.threshold: 5000, invite-limit.simultaneous: 100 } }\n',
  );
  expect(text).toContain('\n  list: [CN, NO]\n');
  expect(parsePolicy(text, 'p')).toEqual({ document });
});

describe('the schema describes itself', () => {
  test('every field has a description, a kind and, but for items of lists, a default', () => {
    for (const field of describePolicy()) {
      expect(field.description, field.path).toMatch(/^.{4,}\.$/s);
      expect(field.kind, field.path).toBeTruthy();
      if (field.kind === 'text') expect(field.example, field.path).toBeTruthy();
      if (field.kind !== 'section' && !field.path.includes('[]')) expect(field.default, field.path).toBeDefined();
      if (field.kind === 'integer' || field.kind === 'duration') expect(field.unit, field.path).toBeTruthy();
    }
  });

  test('every threshold has its name, and every other whole number of a detector is none', () => {
    const numbers = describePolicy().filter((f) => f.kind === 'integer' && /^detect\.[^.]+\.[^.[]+$/.test(f.path));
    expect(numbers.map((field) => field.path.slice('detect.'.length))).toEqual([...THRESHOLDS]);
  });

  test('every detector has its section', () => {
    expect(Object.keys(defaultDocument.detect)).toEqual([...DETECTORS]);
  });
});

test('compiled: milliseconds, merged port ranges, address ranges', () => {
  const document = set('detect.invite-limit.overrides', '[{ source: 192.0.2.7/24, simultaneous: 2, threshold: 6 }]');
  document.ports.sip.udp = '5070-5080,5060,5075-5090';
  document.guests = ['198.51.100.0/24', '2001:db8::1-2001:db8::9'];
  const policy = compilePolicy(document);
  expect(policy.ports.sipUdp).toEqual([
    { first: 5060, last: 5060 },
    { first: 5070, last: 5090 },
  ]);
  expect(policy.guests.map(formatRange)).toEqual(['198.51.100.0/24', '2001:db8::1-2001:db8::9']);
  expect(policy.block).toEqual({ durationMs: 3_600_000, extend: true, permanentAfter: 3, rememberMs: 7_776_000_000 });
  expect(policy.limit).toEqual({ invitesPerSecond: 5, durationMs: 600_000 });
  expect(policy.incident).toEqual({ idleMs: 300_000, evidenceMessages: 10, evidenceBytes: 16_384 });
  expect(policy.detect.enumeration).toEqual({
    enabled: true,
    action: 'block',
    threshold: 10,
    windowMs: 60_000,
    abandonedThreshold: 20,
    followUpMs: 2000,
    pendingThreshold: 64,
  });
  expect(policy.detect['invite-limit'].overrides.map((o) => ({ ...o, range: formatRange(o.range) }))).toEqual([
    { range: '192.0.2.0/24', simultaneous: 2, threshold: 6 },
  ]);
});
