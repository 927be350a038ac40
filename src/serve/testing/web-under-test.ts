/** The web server on a free port, over a real store, with a clock of the test; and requests to it byte by byte. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Identity } from '../../identity/identity.ts';
import { PasswordHasher } from '../../identity/password-hash.ts';
import { openStore } from '../../store/sqlite/open.ts';
import type { Store } from '../../store/store.ts';
import type { OperationsContext } from '../context.ts';
import { createOperations } from '../operations.ts';
import type { Certificate } from '../web/certificate.ts';
import { buildWebServer } from '../web/server.ts';
import type { WebSettings } from '../web/settings.ts';
import { makeDataDirectory } from './guard-stand-in.ts';

export const PASSWORD = 'tortoise piano 77';
const NOBODY_WAITS = { memoryKb: 64, passes: 1, lanes: 1 };
const ANSWER_MS_MAX = 10_000;

export interface Answer {
  status: number;
  headers: Headers;
  json: Record<string, unknown>;
  text: string;
}

/** What a browser keeps: the cookie and what goes with changes. */
export interface Browser {
  cookie: string;
  csrf: string;
}

export interface WebOptions {
  settings?: Partial<WebSettings>;
  certificate?: Certificate;
  requestsPerMinuteMax?: number;
}

export class WebUnderTest {
  /** Milliseconds since the epoch. */
  now = 1_790_000_000_000;
  port = 0;
  readonly data = makeDataDirectory();
  readonly root = join(this.data.path, 'dist');
  store: Store;
  identity!: Identity;
  private app!: FastifyInstance;
  private readonly options: WebOptions;

  private constructor(options: WebOptions) {
    this.options = options;
    this.store = openStore(this.data.path, { now: this.now });
    mkdirSync(join(this.root, 'assets'), { recursive: true });
    writeFileSync(join(this.root, 'index.html'), '<!doctype html><title>Ringfence</title>');
    writeFileSync(join(this.root, 'assets/app-0a1b2c.js'), 'export {};');
    writeFileSync(join(this.root, '.hidden'), 'hidden');
    writeFileSync(join(this.data.path, 'secret.txt'), 'outside');
  }

  static async start(options: WebOptions = {}): Promise<WebUnderTest> {
    const test = new WebUnderTest(options);
    await test.open();
    return test;
  }

  async restart(): Promise<void> {
    await this.app.close();
    this.store.close();
    this.store = openStore(this.data.path, { now: this.now });
    await this.open();
  }

  async stop(): Promise<void> {
    await this.app.close();
    this.store.close();
    this.data.remove();
  }

  private async open(): Promise<void> {
    const { store, options } = this;
    const now = () => this.now;
    const hasher = new PasswordHasher(NOBODY_WAITS);
    this.identity = new Identity({ store: store.identity, now, onGuessing: () => {}, hasher });
    const host = '127.0.0.1';
    const settings = {
      host,
      port: 0,
      tls: null,
      trustedProxies: [],
      names: [],
      insecureHttp: false,
      ...options.settings,
    };
    // Nothing that is asked here asks the guard, lists or country data; the console's tests do (console.test.ts).
    const context = { store, now, identity: this.identity } as unknown as OperationsContext;
    const operations = createOperations(context);
    const { certificate = null, requestsPerMinuteMax = 1_000_000 } = options;
    const parts = { operations, identity: this.identity, settings, certificate, requestsPerMinuteMax, root: this.root };
    this.app = await buildWebServer(parts);
    await this.app.listen({ host: settings.host, port: 0 });
    this.port = (this.app.server.address() as { port: number }).port;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, json, text };
  }

  /** With what a page of the console would send. */
  as({ cookie, csrf }: Browser, method: string, path: string, body?: unknown): Promise<Answer> {
    return this.ask(method, path, body, { cookie, 'x-ringfence-csrf': csrf });
  }

  /** The first one is an administrator, the others viewers. */
  async addUser(name: string): Promise<void> {
    const change = { now: this.now, by: 'test' };
    const link = this.identity.accounts.firstLink() ?? this.identity.accounts.add(name, 'viewer', change);
    await this.identity.accounts.useLink(link, name, PASSWORD, 'test');
  }

  async signIn(name: string, headers: Record<string, string> = {}): Promise<Browser> {
    const answer = await this.ask('POST', '/api/v1/session', { name, password: PASSWORD }, headers);
    if (answer.status !== 200) throw new Error(answer.text);
    return { cookie: cookieOf(answer), csrf: (answer.json as { session: { csrf: string } }).session.csrf };
  }
}

/** `name=value` of the cookie that an answer sets. */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): string {
  return (headers.get('set-cookie') ?? '').split(';')[0];
}

/** The answer to exactly these bytes, when the server has closed the connection. */
export function sendRaw(port: number, request: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(request, 'latin1'));
    let answer = '';
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error(`no end of the answer: ${answer}`)));
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}
