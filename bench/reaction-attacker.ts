/**
 * Guesses passwords from one source address after the other, as svcrack does but at a steady rate whether it is answered or not, and
 * asks at a much higher rate "am I still let in?": numbered probes to a port beside SIP. Runs in the attacker's namespace; arguments
 * are one JSON object (`Plan`); says on standard error that it begins, prints one JSON line (`Attack[]`).
 */
import { existsSync } from 'node:fs';
import { endpoint, type Endpoint } from '../spec/traffic/datagram.ts';
import { Random } from '../spec/traffic/random.ts';
import { PHONES } from '../spec/traffic/shapes.ts';
import { requestText, type Credentials } from '../spec/traffic/sip-text.ts';
import { processorSeconds } from './machine.ts';
import { Datagrams, Sleep } from './sockets.ts';

export interface Plan {
  sources: string[];
  target: string;
  probePort: number;
  requestsPerSecond: number;
  probesPerSecond: number;
  milliseconds: number;
  /** Goes to the next source when nothing has been answered for so long. */
  silenceMs: number;
  /** Between two sources. */
  pauseMs: number;
  /** Ends before the next source when there is such a file; null: after the last source. */
  stopFile: string | null;
}

export interface Attack {
  source: string;
  /** Milliseconds since the epoch. */
  at: number;
  guesses: number;
  probes: number;
  /** The hypervisor took a processor away meanwhile. */
  disturbed: boolean;
}

/** In the branch of every guess, so that an answer tells which one it belongs to. */
export const GUESS = 'guess';
export const MARKER = 'the end';
const USER = '1000';
/** Not 5060, so that requests and answers are told apart by their ports. */
const SOURCE_PORT = 5080;
/** The name that the lab's PBX has in its challenges. */
const REALM = 'lab';
const CHALLENGE_MS = 1_000;
/** What a sleep lasts longer than asked for (measured here: 33 µs); the rest of the time is waited out awake. */
const WAKE_MICROSECONDS = 33;
const shape = PHONES.yealink;

if (import.meta.main) {
  const plan = JSON.parse(process.argv[2]) as Plan;
  const sleep = new Sleep();
  const attacks: Attack[] = [];
  console.error('begins');
  for (const [i, source] of plan.sources.entries()) {
    if (plan.stopFile !== null && existsSync(plan.stopFile)) break;
    if (i > 0) sleep.microseconds(plan.pauseMs * 1_000 * 0.999);
    attacks.push(attack(plan, source, i, sleep));
  }
  // Nothing blocks this one: whoever captures knows that everything before it is there.
  const last = new Datagrams('0.0.0.0', 0, plan.target, plan.probePort);
  last.send(Buffer.from(MARKER));
  console.log(JSON.stringify(attacks));
}

function attack(plan: Plan, source: string, seed: number, sleep: Sleep): Attack {
  const pbx = endpoint(plan.target, 5060);
  const here = endpoint(source, SOURCE_PORT);
  const sip = new Datagrams(source, SOURCE_PORT, plan.target, 5060);
  const probe = new Datagrams(source, SOURCE_PORT + 1, plan.target, plan.probePort);
  const random = new Random(seed + 1);
  const incoming = Buffer.alloc(4_096);
  const probeBytes = Buffer.alloc(8);
  const callId = shape.callId(random, source);

  const first = register(here, pbx, random, callId, 'first', null);
  let nonce: string | null = null;
  sip.send(Buffer.from(first));
  for (const deadline = performance.now() + CHALLENGE_MS; nonce === null;) {
    if (performance.now() > deadline) throw new Error(`${source}: the PBX did not ask for credentials`);
    sleep.microseconds(100);
    nonce = latestNonce(sip, incoming);
  }

  const at = Date.now();
  const stolenBefore = processorSeconds().stolen;
  const started = performance.now();
  const end = started + plan.milliseconds;
  const guessEvery = 1_000 / plan.requestsPerSecond;
  const probeEvery = 1_000 / plan.probesPerSecond;
  let [guesses, probes, lastAnswer, probeAt] = [0, 0, started, started];
  for (let now = started; now < end && now - lastAnswer < plan.silenceMs; now = performance.now()) {
    const guessAt = started + guesses * guessEvery;
    if (now >= guessAt) {
      const answered = latestNonce(sip, incoming);
      if (answered !== null) [nonce, lastAnswer] = [answered, now];
      const branch = `${GUESS}${++guesses}x`;
      sip.send(Buffer.from(register(here, pbx, random, callId, branch, nonce)));
    } else if (now >= probeAt) {
      probeBytes.writeUInt32BE(probes++);
      probe.send(probeBytes);
      // What could not be sent in time is left out: probes never come in bursts, and leave room for the others on this machine.
      probeAt = Math.max(probeAt + probeEvery, now);
    } else {
      const idle = (Math.min(guessAt, probeAt) - now) * 1_000 - WAKE_MICROSECONDS;
      if (idle > 0) sleep.microseconds(idle);
    }
  }
  sip.close();
  probe.close();
  return { source, at, guesses, probes, disturbed: processorSeconds().stolen > stolenBefore };
}

function register(
  here: Endpoint,
  pbx: Endpoint,
  random: Random,
  callId: string,
  branch: string,
  nonce: string | null,
): string {
  const password = `wrong-${random.hex(8)}`;
  const credentials: Credentials | undefined =
    nonce === null ? undefined : { user: USER, password, realm: REALM, nonce, proxy: false };
  return requestText(
    {
      method: 'REGISTER',
      uri: `sip:${pbx.host}`,
      from: here,
      domain: pbx.host,
      fromUser: USER,
      toUser: USER,
      fromTag: shape.tag(random),
      branch: `z9hG4bK${branch}${random.hex(12)}`,
      callId,
      cseq: nonce === null ? 1 : 2,
      contact: `<sip:${USER}@${here.host}:${here.port}>`,
      expires: 3_600,
      credentials,
    },
    shape,
  );
}

/** Of the last answer that is waiting; null: there is none. */
function latestNonce(sip: Datagrams, into: Buffer): string | null {
  let nonce: string | null = null;
  for (let got = sip.receive(into); got > 0; got = sip.receive(into)) {
    nonce = /nonce="([^"]+)"/.exec(into.toString('latin1', 0, got))?.[1] ?? nonce;
  }
  return nonce;
}
