/** The overview in a real browser, over a store that is filled: from the address to the numbers on the screen, nothing cached. */
import { openChromium, ORIGIN, printedLink, useLink, WAIT_MS } from '../lab/chromium.ts';
import { Network } from '../lab/network.ts';
import { until } from '../lab/process.ts';
import { Ringfence } from '../lab/ringfence.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

/** Issue 4. */
const READY_LIMIT_MS = 2000;
const LOADS = 7;

export async function overviewInBrowser(report: Report, data: string): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const network = await Network.build('host');
    undo.push(() => network.tearDown());
    const ringfence = Ringfence.prepare(network, data);
    undo.push(() => ringfence.remove());
    await ringfence.run();
    const { browser, close } = await openChromium(network.namespace(network.guardHost));
    undo.push(close);
    const first = await browser.newContext();
    await useLink(await first.newPage(), await printedLink(ringfence), 'anna');
    const storageState = await first.storageState();
    await first.close();
    const readyMs: number[] = [];
    for (let load = 0; load < LOADS; load++) {
      // A context of its own has a cache of its own: each load is a first one.
      const context = await browser.newContext({ storageState, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(ORIGIN);
      // Marked by the page when its numbers are on the screen and everything answers (overview-page.tsx).
      const mark = `performance.getEntriesByName('overview-ready')[0]?.startTime`;
      readyMs.push(await until('the overview is ready', WAIT_MS, () => page.evaluate<number | undefined>(mark)));
      await context.close();
    }
    report.figure({
      ...{
        label: 'overview in Chromium, first load: ready',
        value: median(readyMs),
        unit: 'ms',
        limit: READY_LIMIT_MS,
      },
      note: `slowest of ${LOADS} ${Math.max(...readyMs).toFixed(0)} ms`,
    });
  } finally {
    for (const step of undo.reverse()) await step();
  }
}
