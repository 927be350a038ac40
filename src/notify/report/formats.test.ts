/** A day of hostile texts in every format that leaves. */
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { block, change, incident } from '../../store/sqlite/sample-reports.ts';
import { useStore } from '../../store/sqlite/testing/store-under-test.ts';
import { chartOf } from './chart-svg.ts';
import { drawCharts } from './chart-process.ts';
import { reportCsv } from './csv.ts';
import type { DailyReport } from './daily-report.ts';
import { gatherReport } from './gather.ts';
import { reportHtml } from './html.ts';
import { localDay } from './local-day.ts';
import { reportFile, reportMail } from './publish.ts';
import { reportText } from './text.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'onmouseover='alert(1)",
  '=HYPERLINK("http://evil.example","a")',
  "@SUM(1)*cmd|'/C calc'!A1",
  'a,b;c\t"d"\r\nBcc: everybody@example.org',
  '\x1b]0;owned\x07\x1b[2J',
  '\u202egpj.exe',
  'https://evil.example/login',
  `${'x'.repeat(5000)}`,
  '\ud800 lone',
  '',
];
const test = useStore();
const day = localDay('2026-10-25', 'Europe/Madrid')!;
const noon = day.from + 46_800_000;
let report: DailyReport;
/** Every test makes the same report; drawing takes half a second. */
let made: ReturnType<typeof reportMail> | undefined;
const problems: string[] = [];
const published = () =>
  (made ??= reportMail(report, 'https://pbx.example.org:8470', (problem) => problems.push(problem)));

beforeEach(async () => {
  const network = '<b>Net</b>=1+1 http://evil.example/';
  test.reopen({ locate: () => ({ country: 'ES', asn: 64500, network }) });
  const attacks = HOSTILE.map((users, i) =>
    change(
      incident(`i${i}`, {
        ...{ first: noon + i, last: noon + i, users: [users], userAgent: users, source: `203.0.113.${i}` },
        ...{ action: i % 3 === 0 ? ('pass' as const) : ('block' as const) },
      }),
    ),
  );
  test.store.applyReports(attacks);
  const lasting = block('203.0.113.1', { since: noon, until: null, origin: 'manual', reason: HOSTILE.join(' ') });
  test.store.applyReports([{ type: 'blocked', block: lasting }]);
  test.store.noteEvent({ at: noon, level: 'error', code: 'kernel-failed', text: HOSTILE.join(' ') });
  const feeds = HOSTILE.map((problem) => ({ name: 'feed', state: 'stale', confirmedAt: null, problem }));
  report = await gatherReport({
    ...{ store: test.store, day, host: 'pbx', now: day.to, permanentAfter: 3, registered: [] },
    data: { countries: null, feeds },
  });
  expect(report.users.total).toBe(HOSTILE.length);
});

/** Everything between tags is text, and every attribute is one of ours. */
const OUR_TAG =
  /<(?:!doctype html|\/?(?:html|head|body|title|style|table|tr|td|th|div|span|p|h1|h2|a|img|meta)(?: (?:lang|charset|name|content|class|style|role|width|height|cellpadding|cellspacing|border|align|valign|scope|alt|src|href)="[^"<>]*")*)>/g;

describe('HTML', () => {
  it.each([
    ['of a mail', async () => (await published()).html],
    ['of a file', async () => reportFile(report, null)],
    ['without images', async () => reportHtml(report)],
  ])('%s: no tag, attribute or link is a stranger’s', async (_title, make) => {
    const html = await make();
    const style = /<style>.*?<\/style>/s.exec(html)![0];
    expect(html.replace(style, '').replace(OUR_TAG, '')).not.toMatch(/[<>]/);
    expect(html).not.toMatch(/[\u202e\u0007\u001b\ud800]/);
    for (const [, target] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
      expect(target).toMatch(
        /^(cid:[\w-]+@ringfence|data:image\/png;base64,|https:\/\/pbx\.example\.org:8470\/reports)/,
      );
    }
    expect(style).not.toMatch(/url\(|@import/);
  });

  it('never links to what is no page', () => {
    expect(reportHtml(report, {}, 'javascript:alert(1)')).not.toContain('href');
  });
});

it('text: lines of visible characters, of a mail’s width where words allow it', () => {
  const text = reportText(report);
  expect(text).not.toMatch(/[^\n\P{C}]/u);
  expect(text).not.toContain('https://');
  for (const line of text.split('\n')) if (line.includes(' ', 6)) expect(line.length).toBeLessThanOrEqual(200);
});

it('CSV: the same columns in every row, and nothing that a spreadsheet runs', () => {
  const rows = parse(reportCsv(report)) as string[][];
  expect(rows[0]).toEqual(['section', 'key', 'name', 'attacks', 'messages', 'dropped', 'note']);
  for (const cell of rows.flat()) {
    expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
    expect(cell).not.toMatch(/[^\P{C}\n]|\u202e/u);
  }
  const of = (section: string) => rows.filter(([first]) => first === section);
  expect(of('user')).toHaveLength(report.users.rows.length);
  expect(of('total')[0].slice(3, 6)).toEqual([String(report.totals.attacks), String(report.totals.messages), '0']);
  expect(of('hour').reduce((sum, row) => sum + Number(row[3]), 0)).toBe(report.totals.attacks);
});

it('the same figures in all of them', async () => {
  const { text, html } = await published();
  const bare = html.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, ' ');
  for (const { label, attacks } of report.hours) {
    expect(bare.replace(/\s+/g, ' ')).toContain(`${label} ${attacks} `);
    expect(text.replace(/ +/g, ' ')).toContain(`${label} ${attacks}`);
  }
  expect(text).toContain('12 attacks from 12 sources, 8 blocked');
  expect(bare).toContain('12 attacks from 12 sources, 8 blocked');
  expect(text.replace(/\s+/g, ' ')).toContain('This day had 25 hours: the clocks were set back.');
  for (const { address } of report.decisions.rows) for (const whole of [text, bare]) expect(whole).toContain(address);
});

describe('charts', () => {
  it('are PNG of twice the size, with a text for who does not see them', async () => {
    const { html, attachments } = await published();
    expect(problems).toEqual([]);
    const images = attachments.filter(({ contentType }) => contentType === 'image/png');
    expect(images.map(({ name }) => name)).toEqual(['hours-2026-10-25.png', 'countries-2026-10-25.png']);
    for (const { base64, cid } of images) {
      const bytes = Buffer.from(base64, 'base64');
      // PNG §5.2, §11.2.1: signature, then the width in the first chunk.
      expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      expect(bytes.readUInt32BE(16)).toBe(1184);
      expect(html).toContain(`src="cid:${cid}"`);
    }
    expect(html).toMatch(/alt="Attacks by hour: the most, 12, from 12:00 on\./);
    expect(attachments.at(-1)).toMatchObject({ name: 'ringfence-2026-10-25.csv' });
  });

  it('text is drawn: the typeface is there', async () => {
    const svg = chartOf('hours', report)!.svg;
    const [with_, without] = await drawCharts([svg, svg.replaceAll(/<text.*?<\/text>/g, '')]);
    expect(with_.length).toBeGreaterThan(without.length + 1000);
  });

  it('what cannot be drawn is said', async () => {
    await expect(drawCharts(['no svg'])).rejects.toThrow('could not be drawn');
  });

  it('of a day without attacks there are none', () => {
    const nothing = { ...report, totals: { ...report.totals, attacks: 0 } };
    expect(chartOf('hours', nothing)).toBeNull();
    expect(reportText(nothing)).toContain('No attacks');
  });
});

describe('sources that need a decision', () => {
  const many = (count: number): DailyReport => {
    const rows = Array.from({ length: count }, (_, i) => ({
      ...report.decisions.rows[0],
      address: `198.51.100.${i}`,
    }));
    return { ...report, decisions: { rows, total: count } };
  };

  it('are ten of a rule in a mail, which says how many there are; all that are known in the table', () => {
    const text = reportText(many(13));
    expect(text.match(/198\.51\.100\.\d+/g)).toHaveLength(10);
    expect(text).toContain('and 3 more');
    expect(reportText(many(10))).not.toContain('and 3 more');
    expect(new Set(reportCsv(many(12)).match(/198\.51\.100\.\d+/g)).size).toBe(12);
  });
});
