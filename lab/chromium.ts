/** Chromium in a network namespace of the lab: it reaches what listens on the loopback address there, and nothing else. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { temporaryDirectory } from './leftovers.ts';

const CHROMIUM = '/usr/bin/chromium';

export interface LabBrowser {
  browser: Browser;
  close: () => Promise<void>;
}

export async function openChromium(namespace: string): Promise<LabBrowser> {
  const directory = temporaryDirectory('chromium');
  // Playwright starts one program, and speaks to it over pipes: this one becomes Chromium inside the namespace.
  const program = join(directory, 'chromium');
  writeFileSync(program, `#!/bin/sh\nexec nsenter --net=/run/netns/${namespace} -- ${CHROMIUM} "$@"\n`);
  chmodSync(program, 0o755);
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  const close = async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { browser, close };
}

/** What must never be in the console of a page, and where a page must never ask; collected from now on. */
export function watchPage(page: Page, origin: string): string[] {
  const seen: string[] = [];
  page.on('pageerror', (error) => seen.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // Chromium notes every answer of 400 and more; whether that one was right is for the test that caused it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      seen.push(`${page.url()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) seen.push(`${page.url()} asks ${url}`);
  });
  return seen;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  impact: string;
  id: string;
  nodes: { html: string }[];
}

/** Problems that axe-core calls serious or critical, one line each. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which no policy of the page forbids.
  await page.evaluate(AXE);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${new URL(page.url()).pathname}: ${id}: ${nodes[0].html.slice(0, 200)}`);
}
