/**
 * Calls from many addresses of this namespace, once each: who is answered? Arguments are one JSON object (`{sources, targets}`); prints
 * one JSON line, the addresses that got an answer.
 */
import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { endpoint } from '../spec/traffic/datagram.ts';
import { Random } from '../spec/traffic/random.ts';
import { PHONES } from '../spec/traffic/shapes.ts';
import { requestText } from '../spec/traffic/sip-text.ts';

const PORT = 5095;
/** So many at a time. */
const WAVE = 100;
/** An answer takes a millisecond; whoever has none after the second try is not heard. */
const TRY_MS = 400;
const TRIES = 2;
const shape = PHONES.yealink;

const { sources, targets } = JSON.parse(process.argv[2]) as { sources: string[]; targets: { v4: string; v6: string } };
const answered: string[] = [];
for (let i = 0; i < sources.length; i += WAVE) {
  const results = await Promise.all(sources.slice(i, i + WAVE).map((source, k) => call(source, i + k + 1)));
  answered.push(...results.filter((source) => source !== null));
}
console.log(JSON.stringify(answered));

async function call(source: string, seed: number): Promise<string | null> {
  const target = source.includes(':') ? targets.v6 : targets.v4;
  const [here, pbx, random] = [endpoint(source, PORT), endpoint(target, 5060), new Random(seed)];
  const socket = createSocket(source.includes(':') ? 'udp6' : 'udp4');
  let heard = false;
  socket.on('message', () => (heard = true));
  await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(PORT, source, resolve));
  const request = requestText(
    {
      ...{ method: 'OPTIONS', uri: `sip:1000@${pbx.host}`, from: here, domain: pbx.host },
      ...{ fromUser: '1000', toUser: '1000', fromTag: shape.tag(random), branch: shape.branch(random) },
      ...{ callId: shape.callId(random, here.host), cseq: 1 },
    },
    shape,
  );
  for (let attempt = 0; attempt < TRIES && !heard; attempt++) {
    socket.send(request, 5060, target);
    await pause(TRY_MS);
  }
  socket.close();
  return heard ? source : null;
}
