/** A database that was damaged when the daemon started: people are told by mail, over a real mail server, what was lost and what came back. */
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { ask } from '../cli/client.ts';
import { nightlyName } from '../src/store/sqlite/nightly.ts';
import { temporaryDirectory } from './leftovers.ts';
import { Network } from './network.ts';
import { Program, until } from './process.ts';
import { Ringfence } from './ringfence.ts';

const MAIL_PORT = 2525;
const WAIT_MS = 60_000;
const OFFICE = `[{ name: office, host: 127.0.0.1, port: ${MAIL_PORT}, security: none, from: fw@example.org, recipients: [{ address: anna@example.org }] }]`;

let network: Network;
let mail: Program;
let ringfence: Ringfence;

beforeAll(async () => {
  network = await Network.build();
  const server = [process.execPath, join(import.meta.dirname, 'mail-server-program.ts'), String(MAIL_PORT)];
  mail = new Program('mail server', network.namespace(network.guardHost), server);
  await mail.says(/listening/, WAIT_MS);
});
afterAll(async () => {
  await mail?.kill();
  await network?.tearDown();
});
beforeEach(async () => {
  ringfence = await Ringfence.start(network);
  await ask(ringfence.data, 'PUT', '/policy/value', { path: 'notify.email', value: OFFICE });
  await ask(ringfence.data, 'POST', '/lists/deny', { range: '198.18.0.0/15', comment: 'never a caller of ours' });
});
afterEach(() => ringfence.remove());

/** Every byte of the database is gone; the daemon starts, and somebody gets a mail. */
async function damagedAndStarted(): Promise<string> {
  await ringfence.stop();
  const file = join(ringfence.data, 'ringfence.db');
  await writeFile(file, Buffer.alloc((await stat(file)).size, 0x5a));
  const before = mail.output.length;
  await ringfence.run();
  expect((await ringfence.json<{ range: string }[]>('deny', 'list')).map(({ range }) => range)).toEqual([
    '198.18.0.0/15',
  ]);
  return until('the mail is there', WAIT_MS, async () => {
    const mails = mail.output
      .slice(before)
      .split('\n')
      .filter((line) => line.startsWith('mail:'));
    // Lines that the mail's encoding broke are one again.
    const texts = mails.map((line) => (JSON.parse(line.slice(5)) as string).replaceAll('=\r\n', ''));
    return texts.find((text) => text.includes('store-damaged'));
  });
}

test('what a nightly backup had is restored, and the mail says from when it is', async () => {
  const backup = join(temporaryDirectory('backup'), 'kept.backup');
  expect(await ringfence.cli('backup', backup)).toMatchObject({ code: 0 });
  await mkdir(join(ringfence.data, 'backups'), { recursive: true });
  await copyFile(backup, join(ringfence.data, 'backups', nightlyName(Date.now())));
  const text = await damagedAndStarted();
  expect(text).toMatch(/set aside as [^\s]*ringfence\.db\.damaged-/);
  expect(text).toMatch(/rows came from the backup of 20/);
  expect(text).toMatch(/^To: anna@example\.org/m);
});

test('without any backup the guard’s own copy is what comes back, and people are told that, too', async () => {
  const text = await damagedAndStarted();
  expect(text).toMatch(/set aside as/);
  expect(text).toMatch(/list entries came from the guard/);
});
