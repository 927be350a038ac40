/** docs/api.md: every example is run as it stands there, against a real console; what the page shows of an answer is in the answer. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busyConsole, type BusyConsole } from '../testing/busy-console.ts';

const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```sh\n(.*?)```\n\n```(json|csv|text)\n(.*?)```/gs)].map(
  ([, script, type, shown]) => ({
    script,
    type,
    shown,
  }),
);

let console: BusyConsole;
let port: number;
let token: string;
beforeAll(async () => {
  port = await freePort();
  console = await busyConsole({ port });
  const body = { name: 'examples', scopes: ['read', 'act', 'configure'] };
  token = (await console.api.json<{ secret: string }>('POST', '/tokens', { body })).secret;
});
afterAll(() => console?.end());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

describe('docs/api.md', () => {
  it('shows what is run here', () => {
    expect(examples.length).toBe(page.split('```sh').length - 1);
  });

  it.each(examples.map((example) => [example.script, example] as const))(
    '%s',
    async (_title, { script, type, shown }) => {
      const here = script
        .replaceAll('127.0.0.1:8470', `127.0.0.1:${port}`)
        .replaceAll('/var/lib/ringfence', console.data);
      const env = { ...process.env, TOKEN: token };
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', here], { env });
      if (type === 'json') {
        const parts = JSON.parse(shown, (_, value: unknown) =>
          value === 'rf_…' ? expect.stringMatching(/^rf_/) : value,
        ) as object;
        expect(JSON.parse(stdout)).toMatchObject(parts);
      } else expect(stdout).toContain(shown.trim());
    },
  );
});
