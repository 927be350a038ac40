/** The soak of continuous integration; `npm run soak` is the one of an hour (docs/performance.md). */
import { expect, test } from 'vitest';
import { machine } from '../bench/machine.ts';
import { Report } from '../bench/report.ts';
import { judge } from './soak/judge.ts';
import { SHORT_SOAK } from './soak/plans.ts';
import { soak } from './soak/soak.ts';

const TEST_MS = 300_000;

test(
  'attacks, forged addresses and calls: memory, file handles, tables and database stay as they are, and every call comes through',
  async () => {
    const lines: string[] = [];
    const report = new Report(machine(), (line) => lines.push(line));
    report.section('soak', 'continuous integration');
    judge(await soak(SHORT_SOAK, () => {}), report);
    expect(report.overTheLimit(), lines.join('\n')).toEqual([]);
  },
  TEST_MS,
);
