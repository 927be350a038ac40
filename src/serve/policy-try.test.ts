/** A changed policy on recorded attacks: a real store, the real engine in its thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountryData } from '../geo/country-data.ts';
import { openStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import type { OperationsContext } from './context.ts';
import { PolicyTrials } from './policy-try.ts';
import { ATTACKER, sampleEvidence, sampleIncident, sampleVerdict } from './testing/samples.ts';

const NOW = Date.UTC(2026, 5, 20);
const DAY = 86_400_000;
const OFF = { changes: [{ path: 'detect.register-bruteforce.enabled', value: 'false' }] };

const directory = mkdtempSync(join(tmpdir(), 'ringfence-try-'));
let store: Store;
let trials: PolicyTrials;

beforeAll(() => {
  store = openStore(directory, { now: NOW });
  // Only what trials use.
  const hostNames = { addresses: () => new Map<string, never>() };
  const parts = { store, geo: new CountryData({ directory }), feeds: { ranges: () => [] }, hostNames, now: () => NOW };
  trials = new PolicyTrials(parts as unknown as OperationsContext);
  store.applyReports([
    { type: 'incidents', changes: [{ incident: sampleIncident(NOW), evidence: sampleEvidence(NOW) }] },
    { type: 'verdict', verdict: sampleVerdict(NOW) },
  ]);
});
afterAll(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

describe('a trial', () => {
  it('says who would no longer be blocked, by changes and by a whole text', async () => {
    const wanted = { attacks: 1, noLongerBlocked: [{ source: ATTACKER }], newlyBlocked: [], unchanged: 0 };
    expect(await trials.run(OFF)).toMatchObject(wanted);
    expect(await trials.run({ text: 'detect: { register-bruteforce: { enabled: false } }' })).toMatchObject(wanted);
    expect(await trials.run({ text: '' })).toMatchObject({ attacks: 1, noLongerBlocked: [], unchanged: 1 });
  });

  it('looks at the last week, or from the moment that is named', async () => {
    expect(await trials.run({ ...OFF, since: NOW + DAY })).toMatchObject({ attacks: 0, unchanged: 0 });
  });

  it('is one at a time', async () => {
    const [first, second] = await Promise.allSettled([trials.run(OFF), trials.run(OFF)]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'trial-busy', outcome: 'refused' } });
    expect(await trials.run(OFF)).toMatchObject({ attacks: 1 });
  });

  it('refuses what is no policy, and the next one has its turn', async () => {
    await expect(trials.run({ text: 'mod: x' })).rejects.toMatchObject({ code: 'policy-invalid', outcome: 'usage' });
    await expect(trials.run({ changes: [{ path: 'mode', value: 'x' }] })).rejects.toMatchObject({
      code: 'policy-invalid',
    });
    await expect(trials.run({ ...OFF, text: '' })).rejects.toMatchObject({ code: 'bad-input' });
    expect(await trials.run(OFF)).toMatchObject({ attacks: 1 });
  });

  it('looks at so many attacks and says that there are more; others have their turn meanwhile', async () => {
    const changes = Array.from({ length: 10_050 }, (_, i) => ({
      incident: sampleIncident(NOW, { id: `many-${i}`, source: `10.0.${i >> 8}.${i & 255}`, last: NOW - 2000 - i }),
      evidence: [],
    }));
    store.applyReports([{ type: 'incidents', changes }]);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const answer = await trials.run(OFF);
    clearInterval(counting);
    expect(answer.attacks).toBe(10_000);
    expect(answer.limits).toContain('Only the latest 10000 attacks were tried.');
    expect(turns).toBeGreaterThan(10);
  });
});
