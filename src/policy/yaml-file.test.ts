import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPolicyError } from './policy-error.ts';
import type { PolicyError } from './policy-error.ts';
import { defaultDocument } from './default-document.ts';
import { parsePolicy, readPolicyFile } from './yaml-file.ts';

function errorsOf(text: string): PolicyError[] {
  const result = parsePolicy(text, 'policy.yaml');
  if (!('errors' in result)) throw new Error('the text was accepted');
  return result.errors;
}

const brief = (e: PolicyError) => `${e.line}:${e.column} ${e.path}`;

describe('what people may write', () => {
  // Every text here is the default policy with one thing said in another way.
  test.each([
    ['an empty file', ''],
    ['only comments', '# nothing\n\n'],
    ['a byte order mark', '\ufeffmode: protect\n'],
    ['Windows line ends', 'mode: protect\r\nblock:\r\n  for: 1h\r\n'],
    ['a section without content', 'detect:\nblock:\n'],
    ['one port list for both transports', 'ports: { sip: "5060" }\n'],
    ['a port as a bare number', 'ports: { sip: 5060, tftp: 69 }\n'],
    ['ports as a YAML list', 'ports: { sip: { udp: [5060] }, management: [22] }\n'],
    ['an anchor and its alias', 'ports: { sip: { udp: &p 5060, tcp: *p } }\n'],
    ['JSON', '{"mode":"protect","block":{"for":"1h","permanentAfter":3}}'],
  ])('%s', (_name, text) => expect(parsePolicy(text, 'policy.yaml')).toEqual({ document: defaultDocument }));

  test('lists take one comma-separated text', () => {
    const result = parsePolicy('guests: 192.0.2.0/24, 2001:db8::/32\nports: { sip: "5060,5070-5080" }\n', 'p');
    expect(result).toMatchObject({
      document: {
        guests: ['192.0.2.0/24', '2001:db8::/32'],
        ports: { sip: { udp: '5060,5070-5080', tcp: '5060,5070-5080' } },
      },
    });
  });
});

describe('what is refused, with the place, what was expected and what to do', () => {
  test.each<[text: string, place: string, found: RegExp, expected: RegExp, hint: RegExp | null]>([
    // A mistyped name: the nearest one of the same section; a name of another section: where it belongs.
    ['mod: protect\n', '1:1 mod', /unknown name "mod"/, /one of mode, ports, guests/, /did you mean mode\?/],
    ['detect:\n  flood:\n    treshold: 5\n', '3:5 detect.flood.treshold', /treshold/, /threshold/, /mean threshold/],
    ['detect: { flod: {} }\n', '1:11 detect.flod', /flod/, /flood/, /did you mean flood/],
    ['permanentAfter: 3\n', '1:1 permanentAfter', /permanentAfter/, /one of mode/, /belongs to block\.permanentAfter/],
    ['__proto__: { mode: monitor }\n', '1:1 __proto__', /__proto__/, /one of mode/, null],
    ['mode: protct\n', '1:7 mode', /"protct"/, /one of protect, monitor/, /did you mean protect/],
    // Wrong types.
    ['mode: [protect]\n', '1:7 mode', /a list/, /one of protect/, null],
    ['detect: { flood: { threshold: many } }\n', '1:31 detect.flood.threshold', /"many"/, /whole number from 1/, null],
    ['detect: { flood: { threshold: "5" } }\n', '1:31 detect.flood.threshold', /"5"/, /whole number/, /write 5/],
    ['detect: { flood: { threshold: 1_000 } }\n', '1:31 detect.flood.threshold', /"1_000"/, /whole/, /write 1000/],
    ['detect: { flood: { threshold: 2.5 } }\n', '1:31 detect.flood.threshold', /"2.5"/, /whole number/, null],
    ['detect: { flood: { threshold: 0 } }\n', '1:31 detect.flood.threshold', /"0"/, /from 1 to 1000000/, null],
    ['detect: { flood: { threshold: .inf } }\n', '1:31 detect.flood.threshold', /".inf"/, /from 1 to/, null],
    ['detect: { flood: 5 }\n', '1:18 detect.flood', /"5"/, /a section/, null],
    ['block: { extend: yes }\n', '1:18 block.extend', /"yes"/, /true or false/, /write true/],
    ['block: { extend: }\n', '1:18 block.extend', /nothing/, /true or false/, /remove the key/],
    ['- mode\n', '1:1 ', /a list/, /a section/, null],
    ['just words\n', '1:1 ', /"just words"/, /a section/, null],
    // Durations, ports, addresses.
    ['block: { for: 60 }\n', '1:15 block.for', /"60"/, /a duration from 1s to 365d/, /60 has no unit: write 60s/],
    ['block: { for: 0s }\n', '1:15 block.for', /"0s"/, /from 1s/, /too short: at least 1s/],
    ['block: { for: 1.5h }\n', '1:15 block.for', /"1.5h"/, /duration/, /1h30m/],
    ['ports:\n  sip: 5060-\n', '2:8 ports.sip.udp', /"5060-"/, /5060,5062,5070-5080/, /write 5060-5070/],
    ['ports:\n  tftp: 0\n', '2:9 ports.tftp', /"0"/, /1 to 65535/, /0 is no port/],
    ['ports:\n  tftp: {}\n', '2:9 ports.tftp', /a section/, /ports and ranges/, null],
    ['guests: [10.0.0.0/8, 300.1.1.1/40]\n', '1:22 guests.1', /"300.1.1.1\/40"/, /CIDR/, /"300" is no octet.*0 to 32/],
    [
      'ports: { management: "22,5060" }\n',
      '1:22 ports.management',
      /22,5060/,
      /other ports than/,
      /no automatic block/,
    ],
    // User agents: an entry that would match everything would cut everybody off.
    [
      'detect: { scanner-agent: { certain: [""] } }\n',
      '1:38 detect.scanner-agent.certain.0',
      /nothing|""/,
      /user/,
      /letter/,
    ],
    ['detect: { scanner-agent: { certain: ["="] } }\n', '1:38 detect.scanner-agent.certain.0', /"="/, /user/, /letter/],
    ['detect: { scanner-agent: { certain: [7] } }\n', '1:38 detect.scanner-agent.certain.0', /"7"/, /text/, /quotes/],
    [
      'detect: { invite-limit: { overrides: [{ source: x, simultaneous: 1, threshold: 1 }] } }\n',
      '1:49 detect.invite-limit.overrides.0.source',
      /"x"/,
      /CIDR/,
      /names are not looked up/,
    ],
    // Countries: the code that was meant; what would shut everybody out.
    [
      'countries: { mode: block, list: [CN, UK] }\n',
      '1:38 countries.list.1',
      /"UK"/,
      /country code/,
      /write GB \(United K/,
    ],
    ['countries: { list: [Germany] }\n', '1:21 countries.list.0', /"Germany"/, /country code/, /write DE for Germany/],
    ['countries: { list: [Germnay] }\n', '1:21 countries.list.0', /"Germnay"/, /country code/, /write DE for Germany/],
    ['countries: { list: [DEU] }\n', '1:21 countries.list.0', /"DEU"/, /country code/, /two letters/],
    ['countries: { list: [QQ] }\n', '1:21 countries.list.0', /"QQ"/, /country code/, /no country has this code/],
    ['countries: { list: [false] }\n', '1:21 countries.list.0', /"false"/, /country code/, null],
    ['countries: { mode: blok }\n', '1:20 countries.mode', /"blok"/, /one of off, block, allow/, /mean block/],
    ['countries: { mode: allow }\n', '1:20 countries.mode', /"allow"/, /at least one country/, /everybody out/],
    ['countries:\n  unknwon: pass\n', '2:3 countries.unknwon', /unknwon/, /unknown/, /mean unknown/],
    ['countries: { data: { provider: custom } }\n', '1:32 countries.data.provider', /custom/, /url or/, /set one/],
    ['countries: { data: { provider: maxmind } }\n', '1:32 countries.data.provider', /maxmind/, /accountId/, /free/],
    [
      'countries: { data: { url: "ftp://x/y" } }\n',
      '1:27 countries.data.url',
      /ftp/,
      /an address/,
      /only https and http/,
    ],
    ['countries: { data: { file: y.csv } }\n', '1:28 countries.data.file', /y\.csv/, /a path/, /from \/ on/],
    ['countries: { data: { shrinkMax: 2 } }\n', '1:33 countries.data.shrinkMax', /"2"/, /from 0 to 1/, null],
    [
      'countries: { data: { licenceKey: x } }\n',
      '1:22 countries.data.licenceKey',
      /licenceKey/,
      /licenceKeyFile/,
      null,
    ],
    // Feeds: where they come from, once; no secrets in a document that is shown to people.
    ['feeds: [{ url: "https://h.example/" }]\n', '1:9 feeds.0.name', /nothing/, /lower-case/, null],
    ['feeds: [{ name: Bad Name, file: /x }]\n', '1:17 feeds.0.name', /"Bad Name"/, /lower-case/, /lower-case/],
    ['feeds: [{ name: a }]\n', '1:9 feeds.0', /a section/, /either a url or a file/, /write url/],
    ['feeds: [{ name: a, file: /a, url: "https://h.example" }]\n', '1:9 feeds.0', /a section/, /either/, /remove one/],
    [
      'feeds:\n  - { name: a, file: /a }\n  - { name: a, file: /b }\n',
      '3:13 feeds.1.name',
      /"a"/,
      /no other feed/,
      /feed 1 is called so/,
    ],
    ['feeds: [{ name: a, url: "https://u:p@h.example/" }]\n', '1:25 feeds.0.url', /u:p/, /an address/, /no password/],
    ['feeds: [{ name: a, file: /a, evry: 1h }]\n', '1:30 feeds.0.evry', /evry/, /every/, /mean every/],
    [
      `feeds: [${Array.from({ length: 9 }, (_, i) => `{ name: f${i}, file: /f }`).join(', ')}]\n`,
      '1:8 feeds',
      /a list/,
      /at most 8 feeds/,
      null,
    ],
    // Overrides: any threshold, by its name.
    [
      'overrides: [{ source: 192.0.2.1, set: { flood.treshold: 5 } }]\n',
      '1:41 overrides.0.set.flood.treshold',
      /flood.treshold/,
      /one of register-bruteforce\.threshold/,
      /mean flood\.threshold/,
    ],
    [
      'overrides: [{ source: 192.0.2.1, set: { flood.threshold: 0 } }]\n',
      '1:58 overrides.0.set.flood.threshold',
      /"0"/,
      /from 1 to 1000000/,
      null,
    ],
    [
      'overrides: [{ source: 192.0.2.1, set: {} }]\n',
      '1:39 overrides.0.set',
      /a section/,
      /at least one threshold/,
      /e\.g\./,
    ],
    [
      'overrides: [{ source: trunk, set: { flood.threshold: 5 } }]\n',
      '1:23 overrides.0.source',
      /trunk/,
      /CIDR/,
      /names/,
    ],
    // YAML itself.
    ['block:\n\tfor: 1h\n', '2:1 ', /a tab/, /spaces/, /two spaces/],
    ['block:\n  for: "1h\n', '3:1 ', /end of the file/, /closing/, null],
    ['mode: protect\nmode: monitor\n', '2:1 mode', /"mode" a second time/, /once/, /line 1 already/],
    ['mode: protect\n---\nmode: monitor\n', '2:1 ', /second document/, /one document/, /---/],
    ['mode: !!js/function protect\n', '1:7 ', /tag/, /plain value/, /!/],
    ['mode: *x\n', '1:7 mode', /alias \*x/, /a value/, /anchor/],
    ['mode: @x\n', '1:7 ', /"@"/, /a value/, /quotes/],
    ['? [mode]\n: protect\n', '1:3 ', /no plain text/, /a name/, null],
    ['mode: pro\0tect\n', '1:10 ', /NUL/, /text file/, /right file/],
  ])('%j', (text, place, found, expected, hint) => {
    const [error, ...more] = errorsOf(text);
    expect(more).toEqual([]);
    expect(brief(error)).toBe(place);
    expect(error.found).toMatch(found);
    expect(error.expected).toMatch(expected);
    if (hint === null) expect(error.hint).toBeNull();
    else expect(error.hint).toMatch(hint);
  });

  test('all errors at once, in the order of the file', () => {
    const text = 'mod: x\nports:\n  sip: 5060-\nguests: [300.1.1.1/40]\nblock:\n  for: 60\n  for: 70\n';
    expect(errorsOf(text).map(brief)).toEqual([
      '1:1 mod',
      '3:8 ports.sip.udp',
      '4:10 guests.0',
      '6:8 block.for',
      '7:3 block.for',
    ]);
  });

  test('the terminal form shows the line, a caret under the place, and no raw control characters', () => {
    const [error] = errorsOf('ports:\n  sip: "50\\e[31m60"\n');
    expect(formatPolicyError(error)).toBe(
      [
        'policy.yaml:2:8: ports.sip.udp: found "50\\x1b[31m60", expected ports and ranges from 1 to 65535, e.g. 5060,5062,5070-5080',
        '    2 |   sip: "50\\e[31m60"',
        '      |        ^',
        '      hint: "50\\x1b[31m60" is no port: ports are numbers from 1 to 65535, write 5060,5062,5070-5080',
      ].join('\n'),
    );
  });
});

describe('hostile files', () => {
  const laughs = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefgh'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join()}]`),
  ];
  test.each([
    ['a megabyte of text', 'x'.repeat(1_100_000), /at most 1 MB/],
    ['a million brackets', '['.repeat(1_000_000), /a policy/],
    ['a million dashes', '- '.repeat(20_000), /a policy|YAML|section/],
    ['aliases to aliases to aliases', laughs.join('\n'), /at most 100 aliases/],
    ['a key ten thousand times', 'mode: protect\n'.repeat(10_000), /each key once/],
    ['ten thousand unknown keys', Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join('\n'), /one of mode/],
  ])('%s is refused with a bounded number of errors', (_name, text, expected) => {
    const errors = errorsOf(text);
    expect(errors.length).toBeLessThanOrEqual(100);
    expect(errors.map((e) => e.expected).join('\n')).toMatch(expected);
    for (const error of errors) expect(JSON.stringify(error).length).toBeLessThan(2000);
  });

  test('no text makes the parser throw, and every place lies inside the text', () => {
    const words = [
      'mode',
      'ports',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '#',
      '&a',
      '*a',
      '|',
      '>',
      '?',
      '\t',
      '5060-',
      '\0',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 5 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (pieces) => {
        const body = pieces.join('');
        const result = parsePolicy(body, 'p');
        if (!('errors' in result)) return;
        const lines = body.replace(/^\ufeff/, '').split('\n');
        for (const error of result.errors) {
          expect(error.line).toBeLessThanOrEqual(lines.length);
          expect(error.column).toBeLessThanOrEqual(lines[error.line - 1].length + 1);
          formatPolicyError(error);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

test('files: read, or refused with the reason', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rf-policy-'));
  try {
    const path = join(dir, 'policy.yaml');
    const found = () => {
      const result = readPolicyFile(path);
      return 'errors' in result ? result.errors.map((e) => e.found).join() : result.document.mode;
    };
    expect(found()).toBe('no such file');
    writeFileSync(path, 'mode: monitor\n');
    expect(found()).toBe('monitor');
    writeFileSync(path, Buffer.from([0x6d, 0xff, 0xfe]));
    expect(found()).toBe('bytes that are not UTF-8');
    writeFileSync(path, 'x'.repeat(2_000_000));
    expect(found()).toBe('more than 1 MB');
    expect(readPolicyFile(dir)).toMatchObject({ errors: [{ found: 'a directory' }] });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
