/**
 * Feeds random and mutated inputs to every target until the time is over or a promise is broken:
 *
 *   npm run fuzz -- --minutes 10 --seed 1
 *   npm run fuzz -- --target sip --seed 1 --only 12345      one input again
 *
 * Exit code: 0 all promises kept, 1 one was broken (the input is printed and saved in fuzz/failures), 2 wrong arguments.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Failure, loadTargets, makeInput, newProgress, runInputs } from './run.ts';
import type { Target } from './target.ts';

/** Inputs of one target before the next one's turn, times its weight. */
const TURN_INPUTS = 500;
const REPORT_MS = 10_000;

interface Options {
  minutes: number;
  seed: number;
  targets: Target[];
  only: number | null;
}

function fail(text: string): never {
  console.error(`fuzz: ${text}`);
  process.exit(2);
}

function readOptions(all: Target[]): Options {
  const strings = { type: 'string' } as const;
  let values: Record<string, string | undefined>;
  try {
    values = parseArgs({ options: { minutes: strings, seed: strings, target: strings, only: strings } }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  const number = (name: string, otherwise: number, allowed: RegExp): number => {
    const text = values[name];
    if (text === undefined) return otherwise;
    if (!allowed.test(text)) fail(`--${name} "${text}": expected a number`);
    return Number(text);
  };
  const minutes = number('minutes', 1, /^\d+(\.\d+)?$/);
  const seed = number('seed', Date.now() % 2 ** 31, /^\d{1,10}$/);
  const only = values.only === undefined ? null : number('only', 0, /^\d{1,10}$/);
  const targets = values.target === undefined ? all : all.filter((t) => t.name === values.target);
  if (targets.length === 0) fail(`--target "${values.target}": expected one of ${all.map((t) => t.name).join(', ')}`);
  if (only !== null && targets.length !== 1) fail('--only needs --target');
  return { minutes, seed, targets, only };
}

function report(failure: Failure, seed: number): void {
  const folder = new URL('failures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${failure.target}-${seed}-${failure.index}.bin`, folder);
  writeFileSync(file, failure.input);
  console.error(`\n${failure.target}: broken promise at input ${failure.index} of seed ${seed}\n${failure.reason}`);
  console.error(`input, ${failure.input.length} bytes: ${Buffer.from(failure.input).toString('hex')}`);
  console.error(`saved as ${file.pathname}`);
  console.error(`again:  npm run fuzz -- --target ${failure.target} --seed ${seed} --only ${failure.index}`);
}

const { minutes, seed, targets, only } = readOptions(await loadTargets());
const progress = newProgress();
const seeds = new Map(targets.map((target) => [target, target.seeds()]));
const endAt = Date.now() + minutes * 60_000;
let reportAt = Date.now() + REPORT_MS;

if (only !== null) {
  const { input } = makeInput(targets[0], seeds.get(targets[0])!, seed, only);
  console.log(`input ${only} of ${targets[0].name}, seed ${seed}: ${Buffer.from(input).toString('hex')}`);
}
const next = new Map(targets.map((target) => [target, only ?? 0]));
let failure: Failure | null = null;
do {
  for (const target of targets) {
    const first = next.get(target)!;
    const count = only === null ? TURN_INPUTS * target.weight : 1;
    failure = runInputs(target, seeds.get(target)!, seed, first, count, progress);
    if (failure) break;
    next.set(target, first + count);
  }
  if (Date.now() > reportAt) {
    reportAt = Date.now() + REPORT_MS;
    console.log(`seed ${seed}: ${progress.inputs} inputs, slowest ${progress.slowestMs.toFixed(2)} ms`);
  }
} while (!failure && only === null && Date.now() < endAt);

if (failure) {
  report(failure, seed);
  process.exitCode = 1;
} else {
  const { target, index, length } = progress.slowestInput;
  console.log(
    `seed ${seed}: ${progress.inputs} inputs, ${progress.bytes} bytes, no promise broken; ` +
      `slowest ${progress.slowestMs.toFixed(2)} ms (${target} ${index}, ${length} bytes)`,
  );
}
