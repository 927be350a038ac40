/** Chromium in a network namespace of the lab: it reaches what listens on the loopback address there, and nothing else. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { temporaryDirectory } from './leftovers.ts';
import { until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

const CHROMIUM = '/usr/bin/chromium';
/**
 * No graphics processor is there to be imitated, and nothing moves for a moment before it can be clicked: measured, a page's tests take
 * a sixth less of the processor, and two thirds of the time.
 */
const ARGS = ['--no-sandbox', '--disable-gpu', '--force-prefers-reduced-motion'];

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
  const browser = await chromium.launch({ executablePath: program, args: ARGS });
  const close = async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { browser, close };
}

export const ORIGIN = 'http://127.0.0.1:8470';
export const WAIT_MS = 10_000;
/** Playwright's own waiting, for a slow or busy machine as well: see `PATIENCE` in process.ts. */
export const PAGE_WAIT_MS = 60_000;
const PASSWORD = 'seven green lamps walk';

/** The link that a first start prints. */
export function printedLink(ringfence: Ringfence): Promise<string> {
  return until('the link is printed', WAIT_MS, async () => /http\S+\/setup#\S+/.exec(ringfence.output)?.[0]);
}

/** Makes the account that a link is for, with this name if it is the first one, and is signed in then. */
export async function useLink(page: Page, link: string, name?: string): Promise<void> {
  await page.goto(link);
  if (name !== undefined) await page.getByLabel('Your name').fill(name);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: name === undefined ? 'Set the password' : 'Make the account' }).click();
  await page.waitForURL(`${new URL(link).origin}/`);
}

/** The page is there with what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const loading = page.getByLabel('Loading', { exact: true });
  await until('everything has come', WAIT_MS, async () => (await loading.count()) === 0 || undefined);
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

/** As the reader's system prefers it; the page has followed. */
export async function inColors(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What opens, fades in or changes its colour has done so: text half faded in has too little contrast. Spinners go on. */
const AT_REST = `(async () => {
  for (let quietFrames = 0; quietFrames < 3; quietFrames++) {
    await new Promise(requestAnimationFrame);
    const going = document
      .getAnimations()
      .filter(({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime < Infinity);
    if (going.length > 0) quietFrames = -1;
    await Promise.allSettled(going.map(({ finished }) => finished));
  }
})()`;

interface Violation {
  impact: string;
  id: string;
  nodes: { html: string }[];
}

/** Problems that axe-core calls serious or critical, one line each. */
export async function seriousProblems(page: Page): Promise<string[]> {
  await page.evaluate(AT_REST);
  // Evaluated by the debugger, which no policy of the page forbids.
  await page.evaluate(AXE);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${new URL(page.url()).pathname}: ${id}: ${nodes[0].html.slice(0, 400)}`);
}

/** Nothing is cut off or scrolls sideways on a small phone, once the navigation has slid out of sight. */
export async function fitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  // Not `waitForFunction`: it evaluates text again and again, which the policy of the page forbids.
  const over = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  await until(`${page.url()} fits a phone`, WAIT_MS, async () => ((await over()) <= 0 ? true : undefined));
  await page.setViewportSize({ width: 1280, height: 900 });
}
