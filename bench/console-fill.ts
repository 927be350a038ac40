/** Fills the store in the directory given, over the same way that the guard's reports take, and prints how fast that was. */
import type { GuardReport } from '../src/channel/protocol.ts';
import { openStore } from '../src/store/sqlite/open.ts';
import { batches, blockReports, floodReports, incidentReports, NOW, placeOf, sourceText } from './console-content.ts';

const ATTACKS = 1_000_000;
const FLOOD = 20_000;
const BLOCKS = 100_000;
const AUDIT = 200_000;
/** Reports of one transaction: what comes in 0.1 s of a flood. */
const BATCH = 1000;

export interface Rate {
  count: number;
  seconds: number;
  cpuSeconds: number;
}

export type Filled = Record<'attacks' | 'flood' | 'blocks' | 'drops', Rate>;

const store = openStore(process.argv[2], { now: NOW, locate: placeOf });

/** What making the reports up takes is not counted. */
function timed(count: number, reports: Iterable<GuardReport>, batch = BATCH): Rate {
  const rate = { count, seconds: 0, cpuSeconds: 0 };
  for (const slice of batches(reports, batch)) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    store.applyReports(slice, NOW);
    const { user, system } = process.cpuUsage(cpu);
    rate.seconds += (performance.now() - started) / 1000;
    rate.cpuSeconds += (user + system) / 1e6;
  }
  return rate;
}

function* dropReports(): Generator<GuardReport> {
  for (let i = 0; i < BLOCKS; i += BATCH) {
    const dropped = Array.from({ length: BATCH }, (_, k) => ({
      target: sourceText(i + k),
      packets: 2000,
      until: null,
    }));
    yield { type: 'drops', dropped };
  }
}

const attacks = timed(ATTACKS, incidentReports(ATTACKS, NOW));
const flood = timed(FLOOD, floodReports(FLOOD, NOW));
const blocks = timed(BLOCKS, blockReports(BLOCKS, NOW));
const drops = timed(BLOCKS, dropReports(), 1);
for (let i = 0; i < AUDIT; i++) {
  const entry = { range: sourceText(i), comment: 'said so', addedBy: 'alice', addedAt: NOW, until: null };
  const [at, who] = [NOW - (AUDIT - i) * 60_000, i % 3 === 0 ? 'alice' : 'bob'];
  const what = i % 5 === 0 ? 'deny.remove' : 'deny.add';
  store.noteAudit({
    at,
    who,
    origin: '192.0.2.9',
    what,
    subject: entry.range,
    before: null,
    after: entry,
    comment: '',
  });
}
// As the housekeeping does: hours become days.
for (let more = true; more;) more = store.prune(NOW).more;
store.close();
console.log(JSON.stringify({ attacks, flood, blocks, drops } satisfies Filled));
