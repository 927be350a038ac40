/**
 * Writes to the store of `argv[2]` for ever and says on stdout what was acknowledged, one number a line: the process that the
 * kill test kills. `argv[3]` is the number to begin with.
 */
import { writeSync } from 'node:fs';
import { openStore } from './open.ts';
import { T0, block, change, evidence, incident } from './sample-reports.ts';

const STDOUT = 1;
const store = openStore(process.argv[2], { now: T0 });
for (let n = Number(process.argv[3]); ; n++) {
  const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  store.applyReports([
    change(
      incident(`i${n}`, { count: n, closed: T0 + n }),
      evidence(T0 + n, `message ${n}`),
      evidence(T0 + n + 1, `answer ${n}`),
    ),
    { type: 'blocked', block: block(address, { since: T0 + n }) },
  ]);
  store.listAdd('deny', [{ range: address, comment: `${n}` }], { now: T0 + n, by: 'writer' });
  // Nothing is said before it is stored.
  writeSync(STDOUT, `${n}\n`);
}
