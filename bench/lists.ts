/**
 * A denylist of a million addresses and many country ranges, loaded into the kernel while another thread goes on blocking; beside
 * `ipset restore` of the same addresses. Each in a network namespace of its own, which goes with the process. Then the same under attack.
 */
import { join } from 'node:path';
import { run as underAttack } from './lists-attack.ts';
import type { ListsMeasured } from './lists-child.ts';
import { hasProgram, measure, ROOT } from './measure.ts';
import type { Report } from './report.ts';
import { times } from './statistics.ts';

/** Issue 3: a change is in the kernel within 100 ms. Issue 2: from packet to block 5 ms (p99). */
const CHANGE_LIMIT_MS = 100;
const BLOCK_LIMIT_MS = 5;

export async function run(report: Report): Promise<void> {
  await alone(report);
  await underAttack(report);
}

async function alone(report: Report): Promise<void> {
  const ours = await child('ringfence');
  const ipset = hasProgram('ipset') ? await child('ipset') : null;
  if (ipset === null) report.say('ipset is not installed: nothing to compare with');
  const besides = (theirs: number, unit: string, our: number) =>
    `ipset restore ${theirs.toFixed(1)} ${unit} (${times(theirs, our)})`;
  report.figure({
    label: '1,000,000 addresses and 540,000 country ranges: loaded in',
    value: ours.seconds,
    unit: 's',
    ...(ipset && { limit: ipset.seconds, note: besides(ipset.seconds, 's', ours.seconds) }),
  });
  report.figure({
    label: 'kernel memory (slab and vmalloc)',
    value: ours.kernelMiB,
    unit: 'MiB',
    ...(ipset && { note: besides(ipset.kernelMiB, 'MiB', ours.kernelMiB) }),
  });
  report.figure({ label: 'peak of the loading process, its lists included', value: ours.processMiB, unit: 'MiB' });
  const { p50, p99, max, count } = ours.blockMs!;
  report.figure({
    label: 'a block by another thread meanwhile, p99',
    value: p99,
    unit: 'ms',
    limit: BLOCK_LIMIT_MS,
    note: `p50 ${p50.toFixed(3)} ms, longest ${max.toFixed(1)} ms, of ${count}`,
  });
  report.figure({
    label: 'one more address in the list of a million: in force after',
    value: ours.changeMs!,
    unit: 'ms',
    limit: CHANGE_LIMIT_MS,
  });
}

async function child(which: 'ringfence' | 'ipset'): Promise<ListsMeasured> {
  const script = join(ROOT, 'bench', 'lists-child.ts');
  const { stdout } = await measure(['unshare', '--net', process.execPath, script, which]);
  return JSON.parse(stdout) as ListsMeasured;
}
