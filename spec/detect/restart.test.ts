/** A guard that is started again goes on counting where the one before it was: the attacks of days do not begin anew. */
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../scenarios/attacks-by-patience.ts';
import { PATIENT_CASES } from '../traffic/patient-cases.ts';
import { udpFrames } from '../traffic/packets.ts';
import { harmful, run } from './run.ts';

/** Two engines, each for a half. */
function restarted(traffic: Parameters<typeof udpFrames>[0], remember: boolean) {
  const frames = udpFrames(traffic);
  const half = Math.floor(frames.length / 2);
  const { engine, verdicts } = run(frames.slice(0, half));
  const memory = remember ? engine.memory.snapshot(engine.sources) : undefined;
  return [...verdicts, ...run(frames.slice(half), { memory }).verdicts];
}

const textOf = ({ source, action, finding }: { source: string; action: string; finding: string }) =>
  `${source} ${action} ${finding}`;

/** What two halves cannot show each for itself. */
const LOST_WITHOUT: readonly string[] = [
  'six guesses a day',
  'one network of a provider after the other, six guesses each',
];

describe('an attack in the midst of which the guard is started again is stopped', () => {
  test.each(PATIENCE.scenarios.map((row) => [row.name, row] as const))('%s', (_name, { traffic, said }) => {
    expect(restarted(traffic(), true).map(textOf)).toContain(textOf(said!));
  });

  test.each(LOST_WITHOUT)('without its memory it is not: %s', (name) => {
    const { traffic, said } = PATIENCE.scenarios.find((row) => row.name === name)!;
    expect(restarted(traffic(), false).map(textOf)).not.toContain(textOf(said!));
  });
});

/** Who fails a few times a minute from one source, and never got in, is judged by that minute, and that begins anew: not in this list. */
const INNOCENT: readonly string[] = [
  'an office of 40 phones with expired passwords, behind one address',
  'a softphone with a wrong password on a mobile network',
  'a popular user that 30 unrelated phones are set to',
  'forty people who work at home, at one provider, after the passwords have changed',
];

test.each(INNOCENT)('nobody is shut out for a restart: %s', (name) => {
  const shut = harmful(restarted(PATIENT_CASES[name].traffic(), true)).filter(({ action }) => action !== 'limit');
  expect(shut.map(textOf)).toEqual([]);
});
