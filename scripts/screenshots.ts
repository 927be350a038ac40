/** `bash scripts/screenshots.sh`: every page of the console, of a real daemon that stops real attacks in the lab. Into docs/screenshots. */
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { Attackers } from '../lab/attackers.ts';
import { openChromium, ORIGIN, PAGE_WAIT_MS, printedLink, settled, useLink, WAIT_MS } from '../lab/chromium.ts';
import { Kamailio } from '../lab/kamailio.ts';
import { sweep } from '../lab/leftovers.ts';
import { Network } from '../lab/network.ts';
import { Program, until } from '../lab/process.ts';
import { Ringfence } from '../lab/ringfence.ts';
import { TftpServer } from '../lab/tftp.ts';
import { fillRules, playAttacks } from './screenshots-attacks.ts';

const DIRECTORY = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const BYTES_MAX = 200_000;
/** The map begins in it. */
const OVERVIEW_HEIGHT = 1000;
const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', isMobile: true, hasTouch: true },
} satisfies Record<string, BrowserContextOptions>;
type Look = keyof typeof LOOKS;

async function main(): Promise<void> {
  mkdirSync(DIRECTORY, { recursive: true });
  await sweep();
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const network = await Network.build();
    undo.push(() => network.tearDown());
    const kamailio = await Kamailio.start(network, { unknownUsers: 'refuse' });
    undo.push(() => kamailio.stop());
    const tftp = await TftpServer.start(network);
    undo.push(() => tftp.stop());
    const ringfence = await Ringfence.start(network);
    undo.push(() => ringfence.remove());
    const attackers = new Attackers(network);
    undo.push(() => attackers.stop());
    const chromium = await openChromium(network.namespace(network.guardHost));
    undo.push(() => chromium.close());

    const server = fileURLToPath(new URL('../lab/mail-server-program.ts', import.meta.url));
    const mail = new Program('mail server', network.namespace(network.guardHost), [process.execPath, server, '2525']);
    undo.push(() => mail.kill());

    const session = await enter(chromium.browser, ringfence);
    await fillRules(ringfence);
    const source = await playAttacks(network, ringfence, attackers);
    const [incident] = await until('the attack is in the log', WAIT_MS, async () => {
      const found = await ringfence.attacks(source);
      return found.length > 0 ? found : undefined;
    });
    await takeAll(chromium.browser, session, source, incident.id);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

type Session = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** The pictures of strangers on the way in. */
async function enter(browser: Browser, ringfence: Ringfence): Promise<Session> {
  const context = await browser.newContext(LOOKS.light);
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_WAIT_MS);
  const link = await printedLink(ringfence);
  await page.goto(link);
  await page.getByLabel('Your name').waitFor();
  await page.screenshot({ path: `${DIRECTORY}/set-up-light.png` });
  await page.goto('about:blank');
  await useLink(page, link, 'anna');
  const stranger = await browser.newPage(LOOKS.light);
  await stranger.goto(`${ORIGIN}/sign-in`);
  await stranger.getByLabel('Name').waitFor();
  await stranger.screenshot({ path: `${DIRECTORY}/sign-in-light.png` });
  await stranger.close();
  await ringfence.cli('users', 'add', 'bob', '--role', 'viewer');
  await ringfence.cli('users', 'add', 'carol', '--role', 'administrator');
  const session = await context.storageState();
  await context.close();
  return session;
}

async function takeAll(browser: Browser, session: Session, source: string, incident: string): Promise<void> {
  const overview = ['overview', '/'] as const;
  const attacks = ['attacks', '/attacks'] as const;
  const attack = ['attack', `/attacks/${incident}`] as const;
  const more = [
    'blocked',
    'notifications',
    'allowlist',
    'denylist',
    'feeds',
    'countries',
    'protection',
    'health',
    'audit',
    'users',
    'about',
    'account',
  ];
  const pictures: Record<Look, (readonly [name: string, path: string])[]> = {
    light: [
      attacks,
      attack,
      overview,
      ...more.map((name) => [name, `/${name}`] as const),
      ['reports', '/reports?day=today'],
      ['history', '/protection/history'],
      ['why', `/why/${source}`],
    ],
    dark: [overview, attacks, attack],
    phone: [overview, attacks],
  };
  for (const look of Object.keys(pictures) as Look[]) {
    const context = await browser.newContext({ ...LOOKS[look], storageState: session, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_WAIT_MS);
    for (const [name, path] of pictures[look]) {
      if (name === 'overview' && look !== 'phone')
        await page.setViewportSize({ width: LOOKS[look].viewport.width, height: OVERVIEW_HEIGHT });
      await page.goto(ORIGIN + path);
      await settled(page);
      if (name === 'overview' || name === 'countries') await page.locator('svg[role=img] path').first().waitFor();
      if (name === 'overview') {
        await page.locator('canvas').waitFor();
        await page.getByText('waiting for live data').waitFor({ state: 'detached' });
      }
      // A report of before the attacks stands there until the one of now is counted.
      if (name === 'reports') await page.getByText('No attack began').waitFor({ state: 'detached' });
      const file = `${DIRECTORY}/${name}-${look}.png`;
      await page.screenshot({ path: file, animations: 'disabled' });
      await page.setViewportSize(LOOKS[look].viewport);
      const { size } = statSync(file);
      console.log(`${name}-${look}.png: ${Math.round(size / 1000)} kB${size > BYTES_MAX ? ', TOO LARGE' : ''}`);
    }
    await context.close();
  }
}

await main();
