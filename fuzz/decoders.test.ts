/** 1,000,000 random and mutated inputs with a fixed seed; `npm run fuzz` goes on for as long as you like. */
import { expect, test } from 'vitest';
import { loadTargets, newProgress, runInputs } from './run.ts';

const INPUTS = 1_000_000;
const SEED = 4475;

const targets = await loadTargets();
const weights = targets.reduce((sum, target) => sum + target.weight, 0);

for (const target of targets) {
  const count = Math.ceil((INPUTS * target.weight) / weights);
  test(`${target.name}: ${count} inputs break no promise`, { timeout: 1_200_000 }, () => {
    const seeds = target.seeds();
    expect(seeds.length).toBeGreaterThan(10);
    const progress = newProgress();
    const failure = runInputs(target, seeds, SEED, 0, count, progress);
    const shown = failure && { ...failure, input: Buffer.from(failure.input).toString('hex') };
    expect(shown).toBeNull();
    expect(progress.inputs).toBe(count);
  });
}
