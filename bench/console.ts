/**
 * The console at the size that the store keeps: a million attacks of 30 days, 100,000 blocks and a full audit log. How fast reports come in while it
 * is filled, and how long the first question of each page takes, from the open database to the JSON, each in a process of its own.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstAnswers } from './console-first.ts';
import { overviewInBrowser } from './console-page.ts';
import { ROOT, measure } from './measure.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';
import type { Filled } from './console-fill.ts';
import type { Asked } from './console-child.ts';

/** Issue 4: every page's first query. */
const QUERY_LIMIT_MS = 200;
/** A flood of forged sources: reports must not come faster than they are stored. */
const INTAKE_LIMIT_US = 100;
const ROUNDS = 3;

export async function run(report: Report): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'ringfence-bench-console-'));
  try {
    const fill = join(ROOT, 'bench', 'console-fill.ts');
    const filled = JSON.parse((await measure([process.execPath, fill, dir])).stdout) as Filled;
    intake(report, filled);
    const bytes = statSync(join(dir, 'ringfence.db')).size;
    report.figure({ label: 'the database', value: bytes / 1024 / 1024, unit: 'MiB' });
    const rounds: Asked[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const { stdout } = await measure([process.execPath, join(ROOT, 'bench', 'console-child.ts'), dir]);
      rounds.push(JSON.parse(stdout) as Asked);
    }
    report.figure({ label: 'start: open and check', value: median(rounds.map(({ openMs }) => openMs)), unit: 'ms' });
    for (const [label, { bytes }] of Object.entries(rounds[0].pages)) {
      const all = rounds.map(({ pages }) => pages[label].ms);
      const cpuMs = median(rounds.map(({ pages }) => pages[label].cpuMs));
      report.figure({
        ...{ label, value: median(all), unit: 'ms', limit: QUERY_LIMIT_MS },
        note: `CPU ${cpuMs.toFixed(0)} ms; slowest of ${ROUNDS} ${Math.max(...all).toFixed(0)} ms; ${Math.ceil(bytes / 1024)} kB`,
      });
    }
    await firstAnswers(report, dir);
    await overviewInBrowser(report, dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function intake(report: Report, { attacks, flood, blocks, drops }: Filled): void {
  const figure = (label: string, { count, seconds, cpuSeconds }: Filled['attacks'], limit?: number) =>
    report.figure({
      ...{ label, value: (cpuSeconds / count) * 1e6, unit: 'µs', ...(limit === undefined ? {} : { limit }) },
      note: `CPU each; ${Math.round(count / seconds).toLocaleString('en-US')}/s`,
    });
  figure(`${attacks.count.toLocaleString('en-US')} attacks, as they come`, attacks);
  figure('at a million: attacks of forged sources, each a new one', flood, INTAKE_LIMIT_US);
  figure('blocks', blocks);
  figure('drops of a block', drops);
}
