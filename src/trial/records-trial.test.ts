/** Attacks are run through the engine under the default policy and recorded; then other policies are tried on what was recorded. */
import { describe, expect, test } from 'vitest';
import { trafficOf } from '../../spec/detect/scenario.ts';
import { udpFrames } from '../../spec/traffic/packets.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import { Engine } from '../core/engine.ts';
import type { Incident } from '../core/judge/incident.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import { compilePolicy } from '../policy/compile.ts';
import { defaultDocument } from '../policy/default-document.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { parsePolicy } from '../policy/yaml-file.ts';
import type { TrialRecord, TrialResult } from './record.ts';
import { tryRecords } from './records-trial.ts';

function policy(yaml: string): PolicyDocument {
  const parsed = parsePolicy(yaml, 'p');
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.document;
}

/** What the store would hold of this traffic. */
function recorded(traffic: string, document = defaultDocument): TrialRecord[] {
  const engine = new Engine({ policy: compilePolicy(document), seed: 3, deny: packRanges([]), simulateDrops: true });
  const incidents = new Map<string, Incident>();
  const evidence = new Map<string, EvidenceItem[]>();
  const verdicts: Verdict[] = [];
  for (const { frame, at } of udpFrames(trafficOf(traffic))) {
    verdicts.push(...engine.step(frame, at));
    for (const change of engine.takeChanges()) {
      incidents.set(change.incident.id, change.incident);
      evidence.set(change.incident.id, [...(evidence.get(change.incident.id) ?? []), ...change.evidence]);
    }
  }
  return [...incidents.values()].map((incident) => ({
    incident,
    verdict: verdicts.find((verdict) => verdict.incident === incident.id) ?? null,
    evidence: evidence.get(incident.id)!,
    shutOut: { present: null, changed: null },
    allowed: false,
  }));
}

const brief = ({ newlyBlocked, noLongerBlocked, cannotTell, unchanged }: TrialResult) => {
  const named = (trials: TrialResult['cannotTell'], which: 'changed' | 'present' = 'changed') =>
    trials.map((trial) => `${trial.source} ${trial[which].sure ? '' : 'probably '}${trial[which].outcome}`);
  return { newly: named(newlyBlocked), noLonger: named(noLongerBlocked), unknown: named(cannotTell), unchanged };
};
const NOTHING = { newly: [], noLonger: [], unknown: [], unchanged: 1 };

const GUESSER = '0s guess-register-passwords from 203.0.113.66 count=60 rate=20';
const SHORT = '0s guess-register-passwords from 203.0.113.66 count=7 rate=20';
const CALLS = '0s flood-invites from 203.0.113.66 call=180 rate=20 count=90';
const SCANNER = '0s scan-hosts from 203.0.113.66 shape=sipvicious count=1';

describe('who would be blocked', () => {
  test.each<[name: string, traffic: string, changed: string, expected: object]>([
    ['the same policy', GUESSER, '', NOTHING],
    ['a window that does not matter', GUESSER, 'detect: { register-bruteforce: { window: 2m } }', NOTHING],
    // The evidence itself crosses a lower threshold.
    ['a lower threshold', GUESSER, 'detect: { register-bruteforce: { threshold: 3 } }', NOTHING],
    // The first ten messages do not show it; sixty guesses, most of them dropped by the kernel, do.
    [
      'a higher threshold that the attacker passed, too',
      GUESSER,
      'detect: { register-bruteforce: { threshold: 20 } }',
      NOTHING,
    ],
    [
      'a higher threshold than was ever seen',
      GUESSER,
      'detect: { register-bruteforce: { threshold: 500 } }',
      { ...NOTHING, noLonger: ['203.0.113.66 open'], unchanged: 0 },
    ],
    [
      'a threshold near what was seen',
      SHORT,
      'detect: { register-bruteforce: { threshold: 6 } }',
      { ...NOTHING, unknown: ['203.0.113.66 unknown'], unchanged: 0 },
    ],
    [
      'a detector switched off',
      GUESSER,
      'detect: { register-bruteforce: { enabled: false } }',
      { ...NOTHING, noLonger: ['203.0.113.66 open'], unchanged: 0 },
    ],
    [
      'only watching',
      GUESSER,
      'detect: { register-bruteforce: { action: watch } }',
      { ...NOTHING, noLonger: ['203.0.113.66 open'], unchanged: 0 },
    ],
    ['monitor mode', GUESSER, 'mode: monitor', { ...NOTHING, noLonger: ['203.0.113.66 open'], unchanged: 0 }],
    [
      'another source’s threshold',
      GUESSER,
      'overrides: [{ source: 198.51.100.1, set: { register-bruteforce.threshold: 900 } }]',
      NOTHING,
    ],
    [
      'its own threshold',
      GUESSER,
      'overrides: [{ source: 203.0.113.0/24, set: { register-bruteforce.threshold: 900 } }]',
      { ...NOTHING, noLonger: ['203.0.113.66 open'], unchanged: 0 },
    ],
    // By default the limit of INVITEs only tells.
    [
      'INVITEs over the limit, blocked',
      CALLS,
      'detect: { invite-limit: { action: block } }',
      { ...NOTHING, newly: ['203.0.113.66 blocked'], unchanged: 0 },
    ],
    // One message suffices, and it is in the evidence.
    [
      'a scanner that is no longer listed',
      SCANNER,
      'detect: { scanner-agent: { certain: [] }, scanner-fingerprint: { enabled: false } }',
      { ...NOTHING, noLonger: ['203.0.113.66 open'], unchanged: 0 },
    ],
    ['a scanner by its fingerprint instead', SCANNER, 'detect: { scanner-agent: { certain: [] } }', NOTHING],
  ])('%s', (_name, traffic, changed, expected) => {
    expect(brief(tryRecords(recorded(traffic), defaultDocument, policy(changed)))).toEqual(expected);
  });

  test('a user agent that is listed from now on', () => {
    const calls = recorded(`${CALLS} shape=yealink`);
    const changed = policy('detect: { scanner-agent: { certain: [ Yealink ] } }');
    const [trial] = tryRecords(calls, defaultDocument, changed).newlyBlocked;
    expect(trial).toMatchObject({ source: '203.0.113.66', changed: { why: 'scanner-agent.certain, by the evidence' } });
  });
});

test('lists, feeds and countries come before everything that is counted', () => {
  const [record] = recorded(GUESSER);
  const of = (change: Partial<TrialRecord>) => tryRecords([{ ...record, ...change }], defaultDocument, defaultDocument);
  expect(brief(of({ allowed: true }))).toEqual(NOTHING);
  const watching = policy('detect: { register-bruteforce: { action: watch } }');
  const shut = { ...record, shutOut: { present: null, changed: 'the countries' } };
  expect(tryRecords([shut], watching, watching).newlyBlocked).toMatchObject([{ changed: { why: 'the countries' } }]);
});

test('without evidence a finding of one message cannot be told', () => {
  const records = recorded(SCANNER).map((record) => ({ ...record, evidence: [] }));
  const result = tryRecords(
    records,
    defaultDocument,
    policy('detect: { scanner-agent: { enabled: false }, scanner-fingerprint: { enabled: false } }'),
  );
  expect(brief(result)).toMatchObject({ unknown: ['203.0.113.66 open'] });
  expect(result.limits).toContainEqual(expect.stringMatching(/no evidence is kept/));
});

describe('what cannot be known is said', () => {
  test.each<[changed: string, limits: RegExp[]]>([
    ['', []],
    ['detect: { register-bruteforce: { threshold: 3 } }', [/stricter detector/]],
    ['detect: { register-bruteforce: { threshold: 9 } }', []],
    ['detect: { register-bruteforce: { window: 5m } }', [/stricter detector/]],
    ['detect: { register-bruteforce: { window: 5s } }', []],
    ['detect: { invite-limit: { action: block } }', [/stricter detector/]],
    ['detect: { scanner-agent: { certain: [x] } }', [/stricter detector/]],
    ['overrides: [{ source: 192.0.2.1, set: { flood.threshold: 5 } }]', [/stricter detector/]],
    ['ports: { tftp: "69,70" }', [/ports and guests/]],
    ['countries: { mode: block, list: [CN] }', [/good callers are not recorded/]],
  ])('%s', (changed, limits) => {
    const found = tryRecords(recorded(SHORT), defaultDocument, policy(changed)).limits;
    expect(found[0]).toMatch(/first messages of each attack only/);
    expect(found.slice(1)).toEqual(limits.map((pattern) => expect.stringMatching(pattern)));
  });
});
