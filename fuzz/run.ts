/** Runs inputs through targets; shared by the long-running command and the test. */
import { readdirSync, readFileSync } from 'node:fs';
import { type Case, readCases } from '../spec/sip/notation.ts';
import { generate } from './mutate.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/**
 * An input that takes longer, three times in a row, breaks the promise of bounded time. Linear work on the longest input takes
 * about 1 ms; a pause of the garbage collector or of a shared machine does not strike the same input three times.
 */
export const INPUT_MS_MAX = 50;

export interface Failure {
  target: string;
  index: number;
  reason: string;
  input: Uint8Array;
}

export interface Progress {
  inputs: number;
  bytes: number;
  slowestMs: number;
  slowestInput: { target: string; index: number; length: number };
}

export async function loadTargets(): Promise<Target[]> {
  const folder = new URL('targets/', import.meta.url);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const modules = await Promise.all(names.map((name) => import(new URL(name, folder).href)));
  return modules.map((module: { target: Target }) => module.target);
}

/** The inputs of the executable specs in a folder of `spec/`. */
export function specInputs(folder: string, languages: readonly string[]): Uint8Array[] {
  const url = new URL(`../spec/${folder}/`, import.meta.url);
  const files = readdirSync(url).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const cases: Case[] = files.flatMap((file) => readCases(file, readFileSync(new URL(file, url), 'utf8')));
  // The giants among them would eat the time of a thousand others.
  return cases
    .filter((c) => languages.includes(c.language))
    .flatMap((c) => c.parts.filter((part) => part.length <= 4000));
}

/** Input number `index` of a target, the same for the same seed; and the number for its choices. */
export function makeInput(target: Target, seeds: readonly Uint8Array[], seed: number, index: number) {
  let stream = 0;
  for (const letter of target.name) stream = (Math.imul(stream, 31) + letter.charCodeAt(0)) | 0;
  const random = new Random(seed, stream, index);
  const vary = random.next();
  return { input: generate(random, seeds), vary };
}

/** Runs inputs `first … first + count - 1` of a target; returns the first broken promise, or null. */
export function runInputs(
  target: Target,
  seeds: readonly Uint8Array[],
  seed: number,
  first: number,
  count: number,
  progress: Progress,
): Failure | null {
  for (let index = first; index < first + count; index++) {
    const { input, vary } = makeInput(target, seeds, seed, index);
    let spentMs = timed(target, input, vary);
    for (let again = 0; again < 2 && typeof spentMs === 'number' && spentMs > INPUT_MS_MAX; again++) {
      const retry = timed(target, input, vary);
      spentMs = typeof retry === 'number' ? Math.min(spentMs, retry) : retry;
    }
    progress.inputs++;
    progress.bytes += input.length;
    if (typeof spentMs === 'string') return { target: target.name, index, reason: spentMs, input };
    if (spentMs > progress.slowestMs) {
      progress.slowestMs = spentMs;
      progress.slowestInput = { target: target.name, index, length: input.length };
    }
    if (spentMs > INPUT_MS_MAX) {
      return { target: target.name, index, reason: `took ${spentMs.toFixed(0)} ms, at most ${INPUT_MS_MAX}`, input };
    }
  }
  return null;
}

export const newProgress = (): Progress => ({
  inputs: 0,
  bytes: 0,
  slowestMs: 0,
  slowestInput: { target: '', index: 0, length: 0 },
});

/** Milliseconds, or why the promise was broken. */
function timed(target: Target, input: Uint8Array, vary: number): number | string {
  const before = performance.now();
  try {
    target.check(input, vary);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return performance.now() - before;
}
