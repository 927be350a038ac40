/** A console with something of everything in its store: an attack with hostile texts, a block, entries, a feed, versions. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from './api-client.ts';
import { GuardStandIn, health, makeDataDirectory } from './guard-stand-in.ts';
import { sampleBlock, sampleEvidence, sampleIncident, sampleVerdict } from './samples.ts';

export interface BusyConsole {
  guard: GuardStandIn;
  api: ApiClient;
  /** Of the daemon. */
  data: string;
  end: () => Promise<void>;
}

/** A comment that a spreadsheet would run, with what CSV has to quote. */
export const FORMULA = '=HYPERLINK("http://evil.example","a,b;c")\nsecond line';

/** `port`: of the console in the browser, on 127.0.0.1; left out: there is none. */
export async function busyConsole({ port }: { port?: number } = {}): Promise<BusyConsole> {
  const data = makeDataDirectory();
  const guard = await GuardStandIn.start(data.path, undefined, port === undefined ? undefined : `127.0.0.1:${port}`);
  const at = Date.now();
  guard.report({ type: 'health', health: health() });
  guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(at), evidence: sampleEvidence(at) }] });
  guard.report({ type: 'verdict', verdict: sampleVerdict(at) });
  guard.blocks.set(sampleBlock(at).address, sampleBlock(at));
  guard.report({ type: 'blocked', block: sampleBlock(at) });
  await guard.stored({ type: 'event', at, level: 'warning', code: 'test-event', text: 'something to tell' });
  const api = new ApiClient(data.path);
  const files = mkdtempSync(join(tmpdir(), 'ringfence-files-'));
  const feedFile = join(files, 'feed.txt');
  writeFileSync(feedFile, '203.0.113.0/28\n198.51.100.200\nno address\n');
  const log = createSocket('udp4').bind(0, '127.0.0.1');
  await once(log, 'listening');
  const changes: [method: string, path: string, body: object][] = [
    // Before the feed: the versions that are gone back to have both.
    [
      'PUT',
      '/policy/value',
      { path: 'notify.syslog', value: `[{ name: sample, host: 127.0.0.1, port: ${log.address().port} }]` },
    ],
    ['POST', '/lists/allow', { range: '198.51.100.192/26', comment: FORMULA }],
    ['POST', '/lists/allow', { range: 'sip.example.org', comment: 'trunk' }],
    ['POST', '/lists/deny', { range: '203.0.113.64/26', comment: 'said so', until: at + 86_400_000 }],
    ['POST', '/users', { name: 'anna', role: 'viewer' }],
    ['POST', '/tokens', { name: 'ticket system', scopes: ['read'] }],
    ['POST', '/feeds', { name: 'sample', file: feedFile, action: 'watch' }],
    ['PUT', '/views', { name: 'sample', filter: { kind: 'register-bruteforce', last: '24h' } }],
    ['PUT', '/policy/value', { path: 'detect.flood.threshold', value: '800' }],
    ['POST', '/backups', {}],
  ];
  for (const [method, path, body] of changes) {
    const { status, text } = await api.call(method, path, { body });
    if (status !== 200) throw new Error(`${method} ${path}: ${text}`);
  }
  // Something to tell, now that there is a channel: the outbox has it a moment later.
  await guard.stored({ type: 'event', at, level: 'warning', code: 'test-told', text: 'something to tell people' });
  await told(api);
  guard.report({ type: 'health', health: health() });
  const end = async () => {
    api.close();
    log.close();
    await guard.stop();
    data.remove();
    rmSync(files, { recursive: true });
  };
  return { guard, api, data: data.path, end };
}

const TOLD_MS_MAX = 10_000;

async function told(api: ApiClient): Promise<void> {
  for (const until = Date.now() + TOLD_MS_MAX; Date.now() < until;) {
    const { items } = await api.json<{ items: { state: string }[] }>('GET', '/notify/deliveries');
    if (items.some(({ state }) => state === 'delivered')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing was sent within ${TOLD_MS_MAX} ms`);
}
