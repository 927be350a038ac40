/**
 * A SIP phone, as small as one can be that behaves: digest registration that keeps its nonce, re-registration, retransmission
 * (RFC 3261 §17.1.2), keep-alives (RFC 5626 §3.5.1), calls that it makes and answers, over UDP or TCP.
 *
 * It can also misbehave on request (wrong password, no answer to a challenge), which is how the lab attacks over TCP.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket as TcpSocket } from 'node:net';

const T1_MS = 500;

export interface PhoneOptions {
  server: string;
  serverPort?: number;
  address: string;
  port: number;
  user: string;
  password: string;
  transport?: 'udp' | 'tcp';
  userAgent?: string;
  /** How long it waits for an answer; real phones wait 32 s (timer B, RFC 3261 §17.1.1.2). */
  patienceMs?: number;
}

export interface RegisterOptions {
  expires?: number;
  /** Overrides the phone's password. */
  password?: string;
  /** Sends every request this many times at once, as a line with heavy retransmission would. */
  copies?: number;
  /** `keep`: answer from the remembered nonce at once, as phones do; `forget`: start without credentials. */
  nonce?: 'keep' | 'forget';
  /** Does not come back with credentials after the challenge. */
  giveUpWhenChallenged?: boolean;
}

/** `statuses`: every final answer in order, 0 when none came in time. `stale`: a challenge said stale=true. */
export interface Outcome {
  statuses: number[];
  stale: boolean;
}

interface Challenge {
  realm: string;
  nonce: string;
  qop: boolean;
  proxy: boolean;
  count: number;
}

interface Answer {
  status: number;
  text: string;
}

interface Request {
  method: string;
  uri: string;
  to: string;
  callId: string;
  cseq: number;
  extra: string[];
  body?: string;
  branch?: string;
}

export class Phone {
  readonly #options: Required<PhoneOptions>;
  #udp: UdpSocket | undefined;
  #tcp: TcpSocket | undefined;
  #received = '';
  #waiting = new Map<string, (answer: Answer) => void>();
  /** One for registrars and user agents (401), one for proxies (407): they are answered in different headers. */
  #challenges = new Map<'www' | 'proxy', Challenge>();
  #tag = token(8);
  #registration = { callId: `${token(16)}@phone`, cseq: 0 };
  /** Calls answered so far, and requests that came in. */
  answered = 0;

  constructor(options: PhoneOptions) {
    this.#options = {
      serverPort: 5060,
      transport: 'udp',
      userAgent: 'Yealink SIP-T46S 66.86.0.15',
      patienceMs: 6_000,
      ...options,
    };
  }

  async open(): Promise<void> {
    const { address, port, server, serverPort, transport } = this.#options;
    if (transport === 'udp') {
      this.#udp = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
      this.#udp.on('message', (bytes) => this.#onMessage(bytes.toString('latin1')));
      await new Promise<void>((resolve, reject) => this.#udp!.once('error', reject).bind(port, address, resolve));
      return;
    }
    this.#tcp = connect({ host: server, port: serverPort, localAddress: address });
    this.#tcp.setEncoding('latin1').on('data', (chunk: unknown) => this.#onStream(chunk as string));
    await new Promise<void>((resolve, reject) => this.#tcp!.once('connect', resolve).once('error', reject));
    this.#tcp.on('error', () => {}); // a connection that dies shows as requests without an answer
  }

  close(): void {
    this.#udp?.close();
    this.#tcp?.destroy();
  }

  async register(options: RegisterOptions = {}): Promise<Outcome> {
    const { user, server } = this.#options;
    if (options.nonce === 'forget') this.#challenges.clear();
    const password = options.password ?? this.#options.password;
    const make = (): Request => ({
      method: 'REGISTER',
      uri: `sip:${host(server)}`,
      to: `<sip:${user}@${host(server)}>`,
      callId: this.#registration.callId,
      cseq: ++this.#registration.cseq,
      extra: [
        `Contact: <${this.#contact()}>;expires=${options.expires ?? 300}`,
        'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY',
      ],
    });
    return (await this.#authenticated(make, password, options)).outcome;
  }

  /** Calls another user, waits for the answer, acknowledges and hangs up. */
  async call(user: string): Promise<Outcome> {
    const { server } = this.#options;
    const callId = `${token(16)}@phone`;
    let cseq = 0;
    const invite = (): Request => ({
      method: 'INVITE',
      uri: `sip:${user}@${host(server)}`,
      to: `<sip:${user}@${host(server)}>`,
      callId,
      cseq: ++cseq,
      extra: [`Contact: <${this.#contact()}>`, 'Content-Type: application/sdp'],
      body: this.#sdp(),
    });
    const { outcome, answer } = await this.#authenticated(invite, this.#options.password, {});
    if (answer.status !== 200) return outcome;
    // In the dialog: the route set is Record-Route in reverse, the target is the callee's Contact (RFC 3261 §12.1.2).
    const uri = /\nContact:\s*<([^>]+)>/i.exec(answer.text)?.[1] ?? `sip:${user}@${host(server)}`;
    const to = field(answer.text, 'To');
    const extra = [...answer.text.matchAll(/\nRecord-Route:\s*(.+?)\r?$/gim)]
      .map((match) => `Route: ${match[1]}`)
      .reverse();
    this.#send(this.#compose({ method: 'ACK', uri, to, callId, cseq, extra }));
    const bye = await this.#transact({ method: 'BYE', uri, to, callId, cseq: ++cseq, extra }, 1);
    outcome.statuses.push(bye.status);
    return outcome;
  }

  async options(): Promise<Outcome> {
    const { server } = this.#options;
    const request = {
      method: 'OPTIONS',
      uri: `sip:${host(server)}`,
      to: `<sip:${host(server)}>`,
      callId: `${token(16)}@phone`,
      cseq: 1,
      extra: [],
    };
    return { statuses: [(await this.#transact(request, 1)).status], stale: false };
  }

  /** RFC 5626 §3.5.1 and the habits of real phones: double CRLF, single CRLF, over UDP also a lone NUL. */
  keepAlive(): void {
    for (const bytes of ['\r\n\r\n', '\r\n', ...(this.#udp ? ['\0'] : [])]) this.#send(bytes);
  }

  async #authenticated(
    make: () => Request,
    password: string,
    options: RegisterOptions,
  ): Promise<{ outcome: Outcome; answer: Answer }> {
    const outcome: Outcome = { statuses: [], stale: false };
    let answer: Answer = { status: 0, text: '' };
    // Two rounds are the rule (challenge, credentials); a stale nonce makes it three.
    for (let round = 0; round < 3; round++) {
      const request = make();
      const kind = request.method === 'REGISTER' ? 'www' : 'proxy';
      const remembered = this.#challenges.get(kind);
      if (remembered) request.extra.push(this.#credentials(remembered, request, password));
      answer = await this.#transact(request, options.copies ?? 1);
      outcome.statuses.push(answer.status);
      if (answer.status !== 401 && answer.status !== 407) break;
      const stale = /\bstale\s*=\s*"?true/i.test(answer.text);
      outcome.stale ||= stale;
      const challenge = challengeOf(answer.text);
      // Credentials for a nonce from before were refused: phones try once more with the new nonce, whether the answer says stale=true
      // or not (many servers leave it out). Credentials for the nonce of this very exchange were refused: a wrong password.
      if (!challenge || (remembered && !stale && round > 0)) {
        this.#challenges.delete(kind);
        break;
      }
      this.#challenges.set(kind, challenge);
      if (options.giveUpWhenChallenged) break;
    }
    return { outcome, answer };
  }

  async #transact(request: Request, copies: number): Promise<Answer> {
    request.branch = `z9hG4bK${token(12)}`;
    const message = this.#compose(request);
    const answer = await new Promise<Answer>((resolve) => {
      let wait = T1_MS;
      let timer: NodeJS.Timeout;
      const again = () => {
        if (this.#udp) this.#send(message);
        wait *= 2;
        timer = setTimeout(again, wait);
      };
      const finish = (result: Answer) => {
        clearTimeout(timer);
        clearTimeout(end);
        this.#waiting.delete(request.branch!);
        resolve(result);
      };
      const end = setTimeout(() => finish({ status: 0, text: '' }), this.#options.patienceMs);
      this.#waiting.set(request.branch!, finish);
      for (let copy = 0; copy < copies; copy++) this.#send(message);
      timer = setTimeout(again, wait);
    });
    // RFC 3261 §17.1.1.3: an INVITE that was refused is acknowledged within its own transaction.
    if (request.method === 'INVITE' && answer.status >= 300) {
      this.#send(this.#compose({ ...request, method: 'ACK', to: field(answer.text, 'To'), extra: [], body: '' }));
    }
    return answer;
  }

  #compose(request: Request): string {
    const { user, server, address, userAgent, transport } = this.#options;
    const body = request.body ?? '';
    return [
      `${request.method} ${request.uri} SIP/2.0`,
      `Via: SIP/2.0/${transport.toUpperCase()} ${host(address)}:${this.#port()};rport;branch=${request.branch ?? `z9hG4bK${token(12)}`}`,
      'Max-Forwards: 70',
      `From: "${user}" <sip:${user}@${host(server)}>;tag=${this.#tag}`,
      `To: ${request.to}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.cseq} ${request.method}`,
      `User-Agent: ${userAgent}`,
      ...request.extra,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }

  #onStream(chunk: string): void {
    this.#received += chunk;
    for (;;) {
      this.#received = this.#received.replace(/^[\r\n]+/, ''); // the server's answers to keep-alives
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(field(this.#received.slice(0, end), 'Content-Length') || 0);
      if (this.#received.length < end + 4 + length) return;
      this.#onMessage(this.#received.slice(0, end + 4 + length));
      this.#received = this.#received.slice(end + 4 + length);
    }
  }

  #onMessage(text: string): void {
    const status = Number(/^SIP\/2\.0 (\d{3}) /.exec(text)?.[1] ?? 0);
    if (status >= 200) this.#waiting.get(/;branch=([^;,\s]+)/i.exec(field(text, 'Via'))?.[1] ?? '')?.({ status, text });
    else if (status === 0) this.#answer(text);
  }

  #answer(request: string): void {
    const method = request.slice(0, request.indexOf(' '));
    if (method === 'INVITE') {
      this.answered++;
      this.#send(this.#answerTo(request, '180 Ringing'));
      this.#send(this.#answerTo(request, '200 OK', this.#sdp()));
    } else if (['BYE', 'OPTIONS', 'NOTIFY', 'CANCEL'].includes(method)) {
      this.#send(this.#answerTo(request, '200 OK'));
    }
  }

  #answerTo(request: string, status: string, body = ''): string {
    const copied = [...request.matchAll(/^(?:Via|Record-Route|From|Call-ID|CSeq):.*$/gim)].map((match) =>
      match[0].trim(),
    );
    const to = field(request, 'To');
    return [
      `SIP/2.0 ${status}`,
      ...copied,
      `To: ${to}${to.includes('tag=') ? '' : `;tag=${this.#tag}`}`,
      `Contact: <${this.#contact()}>`,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }

  #credentials(challenge: Challenge, request: Request, password: string): string {
    const { user } = this.#options;
    const count = (++challenge.count).toString(16).padStart(8, '0');
    const cnonce = token(8);
    const ha1 = md5(`${user}:${challenge.realm}:${password}`);
    const ha2 = md5(`${request.method}:${request.uri}`);
    const response = challenge.qop
      ? md5(`${ha1}:${challenge.nonce}:${count}:${cnonce}:auth:${ha2}`)
      : md5(`${ha1}:${challenge.nonce}:${ha2}`);
    const qop = challenge.qop ? `, qop=auth, cnonce="${cnonce}", nc=${count}` : '';
    const name = challenge.proxy ? 'Proxy-Authorization' : 'Authorization';
    return `${name}: Digest username="${user}", realm="${challenge.realm}", nonce="${challenge.nonce}", uri="${request.uri}", response="${response}", algorithm=MD5${qop}`;
  }

  #contact(): string {
    const { user, address, transport } = this.#options;
    return `sip:${user}@${host(address)}:${this.#port()}${transport === 'tcp' ? ';transport=tcp' : ''}`;
  }

  #port(): number {
    return this.#tcp?.localPort ?? this.#options.port;
  }

  #sdp(): string {
    const { address } = this.#options;
    const family = isIPv6(address) ? 'IP6' : 'IP4';
    const lines = [
      'v=0',
      `o=- 1 1 IN ${family} ${address}`,
      's=-',
      `c=IN ${family} ${address}`,
      't=0 0',
      'm=audio 40000 RTP/AVP 8',
      'a=rtpmap:8 PCMA/8000',
    ];
    return `${lines.join('\r\n')}\r\n`;
  }

  #send(message: string): void {
    const bytes = Buffer.from(message, 'latin1');
    if (this.#tcp) this.#tcp.write(bytes);
    else this.#udp!.send(bytes, this.#options.serverPort, this.#options.server);
  }
}

function challengeOf(answer: string): Challenge | undefined {
  const header = /^(WWW|Proxy)-Authenticate:\s*Digest\s+(.*)$/im.exec(answer);
  if (!header) return undefined;
  const value = (name: string) => new RegExp(`\\b${name}="?([^",]+)`, 'i').exec(header[2])?.[1] ?? '';
  return {
    realm: value('realm'),
    nonce: value('nonce'),
    qop: value('qop').includes('auth'),
    proxy: header[1].toLowerCase() === 'proxy',
    count: 0,
  };
}

function field(message: string, name: string): string {
  return new RegExp(`^${name}:\\s*(.*?)\\r?$`, 'im').exec(message)?.[1] ?? '';
}

function host(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

function md5(text: string): string {
  return createHash('md5').update(text, 'latin1').digest('hex');
}

function token(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
