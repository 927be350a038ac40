/** What the tests of the console's pages play on: network, PBX, daemon, attackers, and an administrator who is signed in at a page. */
import type { Page } from 'playwright-core';
import { Attackers } from './attackers.ts';
import { openChromium, ORIGIN, PAGE_WAIT_MS, printedLink, useLink, watchPage, type LabBrowser } from './chromium.ts';
import { Kamailio } from './kamailio.ts';
import { Network } from './network.ts';
import { Ringfence } from './ringfence.ts';

export interface ConsoleStage {
  network: Network;
  ringfence: Ringfence;
  attackers: Attackers;
  chromium: LabBrowser;
  page: Page;
  /** What went wrong in the page, and whom else it asked: grows while the tests run. */
  troubles: string[];
  tearDown: () => Promise<void>;
}

/** `policy`: YAML of the daemon. */
export async function buildConsoleStage(options: { policy?: string } = {}): Promise<ConsoleStage> {
  const undo: (() => Promise<unknown>)[] = [];
  const tearDown = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const network = await Network.build('host');
    undo.push(() => network.tearDown());
    const kamailio = await Kamailio.start(network);
    undo.push(() => kamailio.stop());
    const ringfence = await Ringfence.start(network, options);
    undo.push(() => ringfence.remove());
    const attackers = new Attackers(network);
    undo.push(async () => attackers.stop());
    const chromium = await openChromium(network.namespace(network.guardHost));
    undo.push(() => chromium.close());
    const context = await chromium.browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_WAIT_MS);
    const troubles = watchPage(page, ORIGIN);
    await useLink(page, await printedLink(ringfence), 'anna');
    return { network, ringfence, attackers, chromium, page, troubles, tearDown };
  } catch (error) {
    await tearDown();
    throw error;
  }
}
