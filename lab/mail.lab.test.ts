/** The mails as a mail program shows them: in Chromium, light and dark, on a desk and on a phone, with an attacker who writes HTML. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { render } from '../src/notify/render/render.ts';
import { attackBy, everyNotice, HOSTILE_TEXTS } from '../src/notify/testing/notices.ts';
import { seriousProblems } from './chromium.ts';

const OPTIONS = { timeZone: 'Europe/Berlin', hostName: 'pbx1.example.org', consoleUrl: null };
const NOTICES = everyNotice(attackBy(HOSTILE_TEXTS.join(' ')), HOSTILE_TEXTS.join(' '));

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(() => browser.close());

/** What the page asked for, and dialogs that it opened: nothing. */
async function openPage(colorScheme: 'light' | 'dark', width: number): Promise<{ page: Page; seen: string[] }> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 700 } });
  const seen: string[] = [];
  page.on('request', (request) => seen.push(request.url()));
  page.on('dialog', (dialog) => {
    seen.push(dialog.message());
    void dialog.dismiss();
  });
  return { page, seen };
}

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  it('every mail fits a phone, runs nothing and asks for nothing', async () => {
    const { page, seen } = await openPage(colorScheme, 360);
    for (const notice of NOTICES) {
      await page.setContent(render(notice, OPTIONS).html!);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), notice.kind).toBeLessThanOrEqual(
        0,
      );
    }
    expect(seen).toEqual([]);
    await page.close();
  });

  it('is read by everybody: contrast, headings, tables', async () => {
    const { page } = await openPage(colorScheme, 800);
    for (const kind of ['attack-opened', 'storm']) {
      await page.setContent(
        render(
          NOTICES.find((notice) => notice.kind === kind)!,
          OPTIONS,
        ).html!,
      );
      expect(await seriousProblems(page), kind).toEqual([]);
    }
    await page.close();
  });
});
