/** Every row of the table through the engine: no attack is missed, nobody innocent is kept out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, policyOf } from '../detect/policies.ts';
import { harmful, run, type Judged } from '../detect/run.ts';
import { udpFrames } from '../traffic/packets.ts';
import { markdownTable } from './markdown-table.ts';
import type { Said, Scenario } from './scenario.ts';
import { TABLE } from './table.ts';

const textOf = ({ source, action, scope, finding }: Said) => `${source} ${action} ${scope} ${finding}`;

function judge({ traffic, wire = udpFrames, policy }: Scenario): Judged[] {
  const outcome = run(wire(traffic()), { policy: policy === undefined ? DEFAULT_POLICY : policyOf(policy) });
  return outcome.verdicts;
}

describe.each(TABLE.filter(({ kind }) => kind === 'attack'))('attack: $title', ({ scenarios }) => {
  test.each(scenarios.map((one) => [one.name, one] as const))('%s', (_name, scenario) => {
    const verdicts = judge(scenario);
    const { said, campaign } = scenario;
    expect(verdicts.map(textOf)).toContain(textOf(said!));
    // Nobody else is kept out.
    const others = harmful(verdicts).filter(({ source }) => source !== said!.source);
    if (campaign === undefined) expect(others).toEqual([]);
  });
});

describe.each(TABLE.filter(({ kind }) => kind === 'innocent'))('innocent: $title', ({ scenarios }) => {
  test.each(scenarios.map((one) => [one.name, one] as const))('%s', (_name, scenario) => {
    const { said } = scenario;
    const kept = harmful(judge(scenario)).map(textOf);
    expect([...new Set(kept)]).toEqual(said === undefined ? [] : [textOf(said)]);
    if (said !== undefined) expect(said.scope, 'one phone, never an address').toBe('port');
  });
});

test('there are forty of each at least, and each has a name of its own', () => {
  for (const kind of ['attack', 'innocent'] as const) {
    const rows = TABLE.filter((group) => group.kind === kind).flatMap(({ scenarios }) => scenarios);
    expect(rows.length).toBeGreaterThanOrEqual(40);
  }
  const names = TABLE.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
});

test('README.md is the table (else: node spec/scenarios/write.ts)', () => {
  expect(readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')).toBe(markdownTable());
});
