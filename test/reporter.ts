/**
 * The test suite's own reporter: one line for each file as it ends, every failure with its message, place and difference, counts for
 * each project, and a last line that scripts can read: `N passed, N failed`, with `, N skipped` when a test was skipped.
 *
 * Also writes `test-results.json` with the counts of each project, so that `.ci/run` can see that no project was left out.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What vitest hands over for a failure; `Error` survives the way from the worker only as plain data. */
interface Failure {
  name?: string;
  message?: string;
  stack?: string;
  stacks?: { file: string; line: number; column: number }[];
  diff?: string;
}

const RESULTS_FILE = 'test-results.json';
/** A failed comparison of two large objects would bury everything else. */
const DIFF_LINES_MAX = 60;

export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export function describeFailure(failure: Failure, root: string): string[] {
  const lines = (failure.message ?? String(failure)).split('\n');
  if (failure.name && failure.name !== 'AssertionError' && failure.name !== 'Error') {
    lines[0] = `${failure.name}: ${lines[0]}`;
  }
  if (failure.diff) {
    const diff = failure.diff.split('\n');
    lines.push(...diff.slice(0, DIFF_LINES_MAX));
    if (diff.length > DIFF_LINES_MAX) lines.push(`… ${diff.length - DIFF_LINES_MAX} more lines of difference`);
  }
  const places = (failure.stacks ?? []).map(
    (frame) => `at ${relative(root, frame.file)}:${frame.line}:${frame.column}`,
  );
  return [...lines, ...places.slice(0, 5)];
}

export default class implements Reporter {
  #root = process.cwd();
  #started = 0;

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root;
    this.#started = Date.now();
  }

  onTestModuleEnd(module: TestModule): void {
    const counts = count(module);
    const seconds = (module.diagnostic().duration / 1000).toFixed(1);
    const mark = counts.failed > 0 ? 'FAIL' : ' ok ';
    print(
      `${mark} ${module.project.name.padEnd(6)} ${module.relativeModuleId} · ${closingLine(counts)} · ${seconds} s`,
    );
  }

  /** A kernel or lab test takes seconds: say so while it runs, instead of nothing for a minute. */
  onTestCaseResult(test: TestCase): void {
    const milliseconds = test.diagnostic()?.duration ?? 0;
    const result = test.result();
    if (result.state === 'failed') print(`     ✗ ${test.fullName}`);
    else if (result.state === 'skipped')
      print(`     - ${test.fullName} (skipped${result.note ? `: ${result.note}` : ''})`);
    else if (milliseconds > 2000) print(`     ✓ ${test.fullName} · ${(milliseconds / 1000).toFixed(1)} s`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const projects = new Map<string, Counts>();
    const total: Counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      const counts = count(module);
      add(total, counts);
      add(getOrAdd(projects, module.project.name), counts);
      for (const { title, failures } of failuresOf(module)) {
        print(`\nFAILED ${module.project.name} ${module.relativeModuleId} › ${title}`);
        for (const failure of failures) this.#printFailure(failure);
      }
    }
    for (const failure of unhandled) {
      print('\nFAILED outside of any test (a promise that nobody awaited, or a worker that died)');
      this.#printFailure(failure as Failure);
    }

    const seconds = Number(((Date.now() - this.#started) / 1000).toFixed(1));
    writeFileSync(
      `${this.#root}/${RESULTS_FILE}`,
      `${JSON.stringify({ total, projects: Object.fromEntries(projects), seconds }, null, 2)}\n`,
    );
    print('');
    for (const [name, counts] of projects) print(`${name.padEnd(6)} ${closingLine(counts)}`);
    print(`${seconds} s`);
    print(closingLine(total));
  }

  #printFailure(failure: Failure): void {
    for (const line of describeFailure(failure, this.#root)) print(`  ${line}`);
  }
}

/** A file or suite that broke outside its tests (an import, a `beforeAll`) is one failure more: its tests never ran. */
function count(module: TestModule): Counts {
  const counts: Counts = { passed: 0, failed: brokenSuites(module).length, skipped: 0 };
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') counts.passed++;
    else if (state === 'failed') counts.failed++;
    else counts.skipped++;
  }
  return counts;
}

function brokenSuites(module: TestModule): (TestModule | TestSuite)[] {
  return [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
}

function* failuresOf(module: TestModule): Generator<{ title: string; failures: readonly Failure[] }> {
  for (const suite of brokenSuites(module)) {
    const title = suite.type === 'module' ? 'the file itself' : `${suite.fullName} (outside its tests)`;
    yield { title, failures: suite.errors() as readonly Failure[] };
  }
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'failed') yield { title: test.fullName, failures: result.errors as readonly Failure[] };
  }
}

function add(sum: Counts, counts: Counts): void {
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
}

function getOrAdd(map: Map<string, Counts>, name: string): Counts {
  let counts = map.get(name);
  if (!counts) {
    counts = { passed: 0, failed: 0, skipped: 0 };
    map.set(name, counts);
  }
  return counts;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
