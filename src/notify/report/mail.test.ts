/** The report of a day through the mail channel and a real SMTP server, parsed back. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { expect, it } from 'vitest';
import type { EmailPolicy } from '../../policy/compile-notify.ts';
import { change, incident } from '../../store/sqlite/sample-reports.ts';
import { useStore } from '../../store/sqlite/testing/store-under-test.ts';
import { emailChannel } from '../email/email-channel.ts';
import { render } from '../render/render.ts';
import { gatherReport } from './gather.ts';
import { localDay } from './local-day.ts';
import { reportMail } from './publish.ts';

const test = useStore();
const HOST = 'pbx.example.org';
const day = localDay('2026-03-29', 'Europe/Madrid')!;

/** Takes one mail and ends. */
async function oneMail(send: (port: number) => Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] },
    onData: (stream, _session, done) => {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null));
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  try {
    await send((server.server.address() as AddressInfo).port);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  return Buffer.concat(chunks);
}

it('arrives with text, HTML, its images inside, and the table', async () => {
  const users = ['<b>100</b>\r\nBcc: everybody@example.org'];
  const first = day.from + 3_600_000;
  test.store.applyReports([change(incident('i1', { first, last: first, users }))]);
  const report = await gatherReport({
    ...{ store: test.store, day, host: HOST, now: day.to, permanentAfter: 3, registered: [] },
    data: { countries: null, feeds: [] },
  });
  const made = await reportMail(report, null, (problem) => expect.fail(problem));
  const notice = { kind: 'daily-report' as const, id: 'report-2026-03-29', at: day.to, ...made };
  const message = render(notice, { timeZone: 'Europe/Madrid', hostName: HOST, consoleUrl: null });
  const raw = await oneMail(async (port) => {
    const where = { name: 'office', host: '127.0.0.1', port, security: 'none', verify: true, user: '', caFile: '' };
    const policy = { kind: 'email', ...where, from: `ringfence@${HOST}`, recipients: [], perHourMax: 30 };
    const options = { secretOf: () => null, hostName: HOST, commandDirectory: '/nonexistent' };
    const channel = emailChannel(policy as unknown as EmailPolicy, options);
    const delivery = { messageId: `report@ringfence.${HOST}`, notice, message, recipient: 'anna@example.org' };
    expect(await channel.deliver(delivery)).toMatchObject({ outcome: 'delivered' });
  });

  const mail = await simpleParser(raw, { skipImageLinks: true });
  expect(mail.subject).toBe(`[Ringfence ${HOST}] 2026-03-29: 1 attack from 1 source, all blocked`);
  expect([mail.bcc, mail.cc]).toEqual([undefined, undefined]);
  expect(mail.text).toContain('This day had 23 hours');
  const html = mail.html as string;
  const images = mail.attachments.filter(({ contentType }) => contentType === 'image/png');
  expect(images).toHaveLength(2);
  for (const { related, cid, content } of images) {
    expect(related).toBe(true);
    expect(html).toContain(`src="cid:${cid}"`);
    expect(content.subarray(1, 4).toString()).toBe('PNG');
  }
  const table = mail.attachments.find(({ filename }) => filename === 'ringfence-2026-03-29.csv')!;
  expect(table.content.toString()).toContain('total,2026-03-29,,1,10,0,');
  // Nothing is fetched from elsewhere when it is read.
  expect(html).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//i);
});
