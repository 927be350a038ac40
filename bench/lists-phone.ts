/**
 * A registered phone that asks at a steady rate, sends nothing twice and counts what is answered: a request that was lost once shows.
 * Runs in the phones' namespace until its standard input ends; arguments are one JSON object (`PhonePlan`); prints `registered`, in the
 * end one JSON line (`PhoneCount`).
 */
import { createSocket } from 'node:dgram';
import { endpoint } from '../spec/traffic/datagram.ts';
import { Random } from '../spec/traffic/random.ts';
import { PHONES } from '../spec/traffic/shapes.ts';
import { requestText } from '../spec/traffic/sip-text.ts';

export interface PhonePlan {
  address: string;
  target: string;
  user: string;
  password: string;
  requestsPerSecond: number;
}

export interface PhoneCount {
  sent: number;
  /** Requests of them that had credentials. */
  registers: number;
  /** When they were sent (milliseconds since the epoch), and the requests. */
  unanswered: { at: number; method: string }[];
  /** Answered, but not with 200 (a new nonce counts as fine). */
  refused: number;
  answerMs: number[];
}

const PORT = 5090;
const REALM = 'lab';
/** One in so many requests is a REGISTER, the others OPTIONS. */
const REGISTER_EVERY = 20;
/** For answers to the last requests: Timer F is 32 s (RFC 3261 §17.1.2.2), but a PBX that needs this long here has lost it. */
const LAST_ANSWERS_MS = 3_000;
const shape = PHONES.yealink;

const plan = JSON.parse(process.argv[2]) as PhonePlan;
const [here, pbx] = [endpoint(plan.address, PORT), endpoint(plan.target, 5060)];
const random = new Random(5090);
const callId = shape.callId(random, plan.address);
const fromTag = shape.tag(random);
const waiting = new Map<string, { at: number; sentAt: number; method: string }>();
const count: PhoneCount = { sent: 0, registers: 0, unanswered: [], refused: 0, answerMs: [] };
let nonce: string | null = null;
let cseq = 0;

const socket = createSocket('udp4');
socket.on('message', (bytes) => {
  const text = bytes.toString('latin1');
  const branch = /branch=([^;,\s]+)/.exec(text)?.[1] ?? '';
  const request = waiting.get(branch);
  if (!request) return;
  waiting.delete(branch);
  count.answerMs.push(performance.now() - request.sentAt);
  const status = text.slice(8, 11);
  nonce = /nonce="([^"]+)"/.exec(text)?.[1] ?? nonce;
  if (status === '401') send('REGISTER');
  else if (status !== '200') count.refused++;
  else if (request.method === 'REGISTER' && count.registers === 1) begin();
});
socket.bind(PORT, plan.address, () => send('REGISTER'));

function begin(): void {
  console.log('registered');
  // By the clock, not by the timer: a late timer is made up for, so that the rate is kept.
  const started = performance.now();
  let planned = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - started) * plan.requestsPerSecond) / 1_000; planned < due;) {
      send(++planned % REGISTER_EVERY === 0 ? 'REGISTER' : 'OPTIONS');
    }
  }, 1_000 / plan.requestsPerSecond);
  process.stdin.resume().once('end', () => {
    clearInterval(timer);
    setTimeout(end, LAST_ANSWERS_MS);
  });
}

function send(method: 'REGISTER' | 'OPTIONS'): void {
  const { user, password } = plan;
  const registers = method === 'REGISTER';
  const branch = shape.branch(random);
  const authorised = registers && nonce !== null;
  const text = requestText(
    {
      ...{ method, from: here, domain: pbx.host, fromUser: user, toUser: user, fromTag, branch, callId },
      uri: registers ? `sip:${pbx.host}` : `sip:${user}@${pbx.host}`,
      cseq: ++cseq,
      contact: `<sip:${user}@${here.host}:${here.port}>`,
      ...(registers && { expires: 300 }),
      ...(authorised && { credentials: { user, password, realm: REALM, nonce: nonce!, proxy: false } }),
    },
    shape,
  );
  waiting.set(branch, { at: Date.now(), sentAt: performance.now(), method });
  count.sent++;
  if (authorised) count.registers++;
  socket.send(text, 5060, plan.target);
}

function end(): void {
  count.unanswered = [...waiting.values()].map(({ at, method }) => ({ at, method }));
  socket.close();
  console.log(JSON.stringify(count));
}
