/** The live feed of the real console process: from a report of the guard to a listener. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { GuardStandIn, health, makeDataDirectory } from '../serve/testing/guard-stand-in.ts';
import { sampleBlock, sampleEvidence, sampleIncident } from '../serve/testing/samples.ts';

it('tells of a block and its incident when the API has them', async () => {
  const data = makeDataDirectory();
  const guard = await GuardStandIn.start(data.path);
  const asked = request({ socketPath: join(data.path, 'ringfence.sock'), path: '/api/v1/live' }).end();
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const at = Date.now();
    guard.report({ type: 'health', health: health({ at }) });
    guard.report({ type: 'health', health: health({ at: at + 1000 }) });
    guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(at), evidence: sampleEvidence(at) }] });
    guard.report({ type: 'blocked', block: sampleBlock(at) });
    let text = '';
    for await (const chunk of answer) {
      text += String(chunk);
      if (text.includes('event: block\n') && text.includes('event: incident\n')) break;
    }
    expect(text).toMatch(/^event: status$/m);
    expect(text).toMatch(/^event: rates$/m);
    expect(await ask(data.path, 'GET', '/attacks/attack-1')).toMatchObject({ block: sampleBlock(at) });
  } finally {
    asked.destroy();
    await guard.stop();
    data.remove();
  }
});
