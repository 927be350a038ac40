/** The life of the web server: a certificate that is renewed while it runs. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Identity } from '../../identity/identity.ts';
import { openStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import type { OperationsContext } from '../context.ts';
import { createOperations } from '../operations.ts';
import { makeDataDirectory } from '../testing/guard-stand-in.ts';
import { readCertificate, SELF_SIGNED_FILE } from './certificate.ts';
import type { WebSettings } from './settings.ts';
import { WebConsole } from './web-console.ts';

const now = Date.now;
const data = makeDataDirectory();
const file = join(data.path, 'mine.pem');
let store: Store;
let web: WebConsole;
let opened: string[];
let troubles: string[];

/** A certificate with its key, made anew; the answer is its fingerprint. */
async function renew(name: string): Promise<string> {
  const directory = join(data.path, name);
  mkdirSync(directory);
  const settings = { host: '127.0.0.1', names: [], tls: 'self-signed' } as unknown as WebSettings;
  const { fingerprint } = (await readCertificate(settings, directory, now()))!;
  copyFileSync(join(directory, SELF_SIGNED_FILE), file);
  return fingerprint;
}

/** Of what the server shows now. */
function shown(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(opened[0]).port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

beforeEach(() => {
  store = openStore(data.path, { now: now() });
  [opened, troubles] = [[], []];
  const identity = new Identity({ store: store.identity, now, onGuessing: () => {} });
  const operations = createOperations({ store, now, identity } as unknown as OperationsContext);
  const tls = { cert: file, key: file };
  const settings = { host: '127.0.0.1', port: 0, tls, trustedProxies: [], names: [], insecureHttp: false };
  web = new WebConsole({
    ...{ operations, identity, settings, now, dataDirectory: data.path, certificateMs: 20 },
    onOpen: (origin) => opened.push(origin),
    onTrouble: ({ code }) => troubles.push(code),
  });
});
afterEach(async () => {
  await web.close();
  store.close();
  data.remove();
});

it('takes a renewed certificate without a pause, and keeps the old one when the new one makes no sense', async () => {
  await web.open();
  expect([opened, troubles, web.problem?.code]).toEqual([[], ['web-not-open'], 'web-not-open']);
  const first = await renew('first');
  await web.open();
  expect([await shown(), web.problem, web.origin]).toEqual([first, null, opened[0]]);
  const second = await renew('second');
  while ((await shown()) !== second);
  writeFileSync(file, 'half a fi');
  while (web.problem === null) await shown();
  expect([web.problem.code, await shown()]).toEqual(['web-certificate', second]);
  const third = await renew('third');
  while ((await shown()) !== third);
  expect([web.problem, troubles]).toEqual([null, ['web-not-open', 'web-certificate']]);
});
