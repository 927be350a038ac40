/**
 * A phone that registers and calls another one through the PBX at a steady rate, sends nothing twice and measures what comes back. Runs in
 * the phones' namespace; arguments are one JSON object (`PhonePlan`). Prints `ready` when both phones are registered, measures from the
 * line `go` on its standard input to `stop`, and prints one JSON line (`PhoneResult`).
 */
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';
import { endpoint, type Endpoint } from '../spec/traffic/datagram.ts';
import { Random } from '../spec/traffic/random.ts';
import { PHONES } from '../spec/traffic/shapes.ts';
import { requestText, type SipRequest } from '../spec/traffic/sip-text.ts';

export interface PhonePlan {
  address: string;
  target: string;
  /** Caller and called phone. */
  users: [Account, Account];
  perSecond: number;
}

interface Account {
  user: string;
  password: string;
}

/** Of one kind of request. */
export interface Counted {
  sent: number;
  /** Answered with 200 within `ANSWER_MS`. */
  fine: number;
  answerMs: number[];
}

export interface PhoneResult {
  registrations: Counted;
  calls: Counted;
}

const PORTS = [5090, 5091] as const;
const REALM = 'lab';
/** What comes later is no answer: a caller has hung up, and a phone has asked again long since. */
const ANSWER_MS = 5_000;
const shape = PHONES.yealink;
const plan = JSON.parse(process.argv[2]) as PhonePlan;
const pbx = endpoint(plan.target, 5060);
// Not the same numbers in each trial: a Call-ID that comes again with a lower CSeq is out of order (RFC 3261 §10.3).
const random = new Random(process.pid);

interface Waiting {
  counted: Counted | null;
  /** When the phone began, on whatever try this is. */
  began: number;
  again: (nonce: string, began: number, counted: Counted | null) => void;
  request: SipRequest;
}

class Phone {
  readonly here: Endpoint;
  registered: () => void = () => {};
  private readonly account: Account;
  private readonly socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  private readonly waiting = new Map<string, Waiting>();
  private readonly nonces: { www: string | null; proxy: string | null } = { www: null, proxy: null };
  private readonly registration = { callId: shape.callId(random, plan.address), fromTag: '' };
  private cseq = 0;

  constructor(account: Account, port: number) {
    this.account = account;
    this.here = endpoint(plan.address, port);
    this.registration.fromTag = shape.tag(random);
    this.socket.on('message', (bytes) => this.hear(bytes.toString('latin1')));
    this.socket.bind(port, plan.address, () => this.register(null));
  }

  register(counted: Counted | null, began = performance.now()): void {
    const { user } = this.account;
    const fields = { ...this.registration, uri: `sip:${pbx.host}`, toUser: user, expires: 300 };
    this.ask({ method: 'REGISTER', ...fields }, this.nonces.www, false, {
      counted,
      began,
      again: (nonce, at, of) => {
        this.nonces.www = nonce;
        this.register(of, at);
      },
    });
  }

  call(user: string, counted: Counted | null, began = performance.now()): void {
    const fields = { callId: shape.callId(random, plan.address), fromTag: shape.tag(random), toUser: user };
    this.ask({ method: 'INVITE', ...fields, uri: `sip:${user}@${pbx.host}` }, this.nonces.proxy, true, {
      ...{ counted, began },
      again: (nonce, at, of) => {
        this.nonces.proxy = nonce;
        this.call(user, of, at);
      },
    });
  }

  close(): void {
    this.socket.close();
  }

  private ask(
    fields: Pick<SipRequest, 'method' | 'uri' | 'toUser' | 'callId' | 'fromTag'> & { expires?: number },
    nonce: string | null,
    proxy: boolean,
    waiting: Omit<Waiting, 'request'>,
  ): void {
    const { user, password } = this.account;
    const request: SipRequest = {
      ...{
        ...fields,
        from: this.here,
        domain: pbx.host,
        fromUser: user,
        branch: shape.branch(random),
        cseq: ++this.cseq,
      },
      contact: `<sip:${user}@${this.here.host}:${this.here.port}>`,
      ...(nonce !== null && { credentials: { user, password, realm: REALM, nonce, proxy } }),
    };
    this.waiting.set(request.branch, { ...waiting, request });
    this.send(requestText(request, shape));
  }

  private send(text: string): void {
    this.socket.send(Buffer.from(text, 'latin1'), pbx.port, plan.target);
  }

  private hear(text: string): void {
    if (!text.startsWith('SIP/2.0 ')) return this.answer(text);
    const waiting = this.waiting.get(/branch=([^;,\s]+)/.exec(text)?.[1] ?? '');
    const status = Number(text.slice(8, 11));
    if (!waiting || status < 200) return;
    const { request, counted, began } = waiting;
    this.waiting.delete(request.branch);
    if (request.method === 'INVITE') this.acknowledge(request, text, status);
    const nonce = /nonce="([^"]+)"/.exec(text)?.[1];
    if ((status === 401 || status === 407) && nonce !== undefined) return waiting.again(nonce, began, counted);
    if (status !== 200) return;
    if (request.method === 'REGISTER') this.registered();
    if (counted === null) return;
    const answerMs = performance.now() - began;
    counted.answerMs.push(answerMs);
    if (answerMs <= ANSWER_MS) counted.fine++;
  }

  /** RFC 3261 §13.2.2.4 and §17.1.1.3; a call that was answered ends at once. */
  private acknowledge(invite: SipRequest, answer: string, status: number): void {
    const toTag = /^To:.*;tag=([^;\s]+)/im.exec(answer)?.[1];
    const { credentials: _, contact: __, ...fields } = invite;
    const within = { ...fields, ...(toTag !== undefined && { toTag }) };
    if (status !== 200) return this.send(requestText({ ...within, method: 'ACK' }, shape));
    const routes = [...answer.matchAll(/^Record-Route:\s*(.*)$/gim)].map(([, route]) => route.trim()).reverse();
    const uri = /^Contact:\s*<([^>]+)>/im.exec(answer)?.[1] ?? invite.uri;
    const sendWithin = (request: SipRequest) => {
      const text = requestText({ ...request, uri, branch: shape.branch(random) }, shape);
      this.send(text.replace('\r\n', `\r\n${routes.map((route) => `Route: ${route}\r\n`).join('')}`));
    };
    sendWithin({ ...within, method: 'ACK' });
    sendWithin({ ...within, method: 'BYE', cseq: invite.cseq + 1 });
  }

  /** Takes every call, and its end. */
  private answer(request: string): void {
    const method = request.slice(0, request.indexOf(' '));
    if (method === 'ACK') return;
    const kept = request.split('\r\n').filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
    const to = /^To:.*$/im.exec(request)?.[0].trim() ?? '';
    const lines = [
      'SIP/2.0 200 OK',
      ...kept,
      to.includes(';tag=') ? to : `${to};tag=${shape.tag(random)}`,
      `Contact: <sip:${this.account.user}@${this.here.host}:${this.here.port}>`,
      'Content-Length: 0',
    ];
    this.send(`${lines.join('\r\n')}\r\n\r\n`);
  }
}

const result: PhoneResult = {
  registrations: { sent: 0, fine: 0, answerMs: [] },
  calls: { sent: 0, fine: 0, answerMs: [] },
};
const phones = plan.users.map((account, i) => new Phone(account, PORTS[i]));
await Promise.all(phones.map((phone) => new Promise<void>((resolve) => (phone.registered = resolve))));
console.log('ready');

const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
await lines.next();
// By the clock, not by the timer: a late timer is made up for, so that the rate is kept.
const started = performance.now();
let planned = 0;
const timer = setInterval(() => {
  for (const due = ((performance.now() - started) * plan.perSecond) / 1_000; planned < due; planned++) {
    result.registrations.sent++;
    phones[0].register(result.registrations);
    result.calls.sent++;
    phones[0].call(plan.users[1].user, result.calls);
  }
}, 1_000 / plan.perSecond);
await lines.next();
clearInterval(timer);
setTimeout(() => {
  for (const phone of phones) phone.close();
  console.log(JSON.stringify(result));
  process.exit(0);
}, ANSWER_MS);
