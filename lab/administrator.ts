/** Somebody who uses the console over HTTP as a browser does: with a cookie, a CSRF token and the live feed. */
import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { LiveEvent, LiveEventOf } from '../src/serve/api/live.ts';
import type { Network } from './network.ts';
import { Program, until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

const PORT = 8470;
const ORIGIN = `http://127.0.0.1:${PORT}`;
const RELAY_MS = 5_000;

export const ACCOUNT = { name: 'admin', password: 'lab: nobody else comes in' };

interface Answered {
  status: number;
  body: unknown;
}

export class Administrator {
  readonly #relay: Program;
  readonly #socket: string;
  readonly #listeners: LiveListener[] = [];
  #cookie = '';
  #csrf = '';
  static #count = 0;

  private constructor(relay: Program, socket: string) {
    this.#relay = relay;
    this.#socket = socket;
  }

  static async open(network: Network, ringfence: Ringfence): Promise<Administrator> {
    const socket = join(ringfence.data, `lab-relay-${++Administrator.#count}.sock`);
    const command = [process.execPath, join(import.meta.dirname, 'relay-program.ts'), socket, `${PORT}`];
    const relay = new Program('relay', network.namespace(network.guardHost), command);
    await relay.says(/listening/, RELAY_MS);
    return new Administrator(relay, socket);
  }

  /** The link that a first start prints, used as its reader would; then this browser is signed in. */
  async setUp(ringfence: Ringfence): Promise<void> {
    const link = await setUpLink(ringfence);
    await this.ask('POST', '/setup', { link: link.split('#')[1], ...ACCOUNT });
    await this.signIn();
  }

  async signIn(): Promise<void> {
    this.#csrf = '';
    const { session } = await this.ask<{ session: { csrf: string } }>('POST', '/session', ACCOUNT);
    this.#csrf = session.csrf;
  }

  /** Errors: an answer that is not 200. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: answer } = await this.#send(method, `/api/v1${path}`, body);
    assert.equal(status, 200, `${method} ${path} is answered ${status}: ${JSON.stringify(answer)}`);
    return answer as T;
  }

  async status(path: string): Promise<number> {
    return (await this.#send('GET', path)).status;
  }

  /** A page that is open and follows what happens. */
  async listen(): Promise<LiveListener> {
    const listener = new LiveListener((headers) => this.#open('GET', '/api/v1/live', headers));
    this.#listeners.push(listener);
    await listener.until('status', () => true, RELAY_MS);
    return listener;
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.close();
    await this.#relay.stop();
  }

  async #send(method: string, path: string, body?: unknown): Promise<Answered> {
    const response = await this.#open(method, path, {}, body);
    const [cookie] = response.headers['set-cookie'] ?? [];
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    const json = response.headers['content-type']?.includes('json') ?? false;
    return { status: response.statusCode!, body: json ? JSON.parse(text) : text };
  }

  #open(method: string, path: string, more: Record<string, string> = {}, body?: unknown): Promise<IncomingMessage> {
    const headers: Record<string, string> = { host: `127.0.0.1:${PORT}`, origin: ORIGIN, ...more };
    if (this.#cookie !== '') headers.cookie = this.#cookie;
    if (this.#csrf !== '') headers['x-ringfence-csrf'] = this.#csrf;
    if (body !== undefined) headers['content-type'] = 'application/json';
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.#socket, method, path, headers, agent: false }, resolve);
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The link for the first account, as a first start prints it. */
export async function setUpLink(ringfence: Ringfence): Promise<string> {
  return until('the set-up link is printed', 10_000, async () => /http\S+\/setup#\S+/.exec(ringfence.output)?.[0]);
}

interface Heard {
  /** Milliseconds since the epoch: when it arrived. */
  at: number;
  event: LiveEvent['event'];
  data: unknown;
}

/** As `EventSource` does it: comes back by itself, with the id of the last event. */
export class LiveListener {
  readonly heard: Heard[] = [];
  reconnects = 0;
  readonly #open: (headers: Record<string, string>) => Promise<IncomingMessage>;
  #response: IncomingMessage | null = null;
  #reads = true;
  #lastId: string | null = null;
  #closed = false;

  constructor(open: (headers: Record<string, string>) => Promise<IncomingMessage>) {
    this.#open = open;
    void this.#follow();
  }

  /** The first event of this name that is wanted, from the start of the listening on. */
  until<Name extends LiveEvent['event']>(
    name: Name,
    wanted: (data: LiveEventOf<Name>) => boolean,
    timeoutMs: number,
  ): Promise<{ at: number; data: LiveEventOf<Name> }> {
    return until(
      `the live feed tells of ${name}`,
      timeoutMs,
      async () => {
        const found = this.heard.find(({ event, data }) => event === name && wanted(data as LiveEventOf<Name>));
        return found as { at: number; data: LiveEventOf<Name> } | undefined;
      },
      5,
    );
  }

  count(event: LiveEvent['event']): number {
    return this.heard.filter((one) => one.event === event).length;
  }

  /** False: its socket takes nothing any more, as with a laptop that sleeps. */
  set reads(reads: boolean) {
    this.#reads = reads;
    if (reads) this.#response?.resume();
    else this.#response?.pause();
  }

  close(): void {
    this.#closed = true;
    this.#response?.destroy();
  }

  async #follow(): Promise<void> {
    while (!this.#closed) {
      try {
        const response = await this.#open(this.#lastId === null ? {} : { 'last-event-id': this.#lastId });
        if (response.statusCode === 200) await this.#read(response);
        else response.destroy();
      } catch {
        // Nobody is there: tried again, as a browser does.
      }
      if (this.#closed) return;
      this.reconnects++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #read(response: IncomingMessage): Promise<void> {
    let text = '';
    this.#response = response;
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.#take(block);
    });
    if (!this.#reads) response.pause();
    return new Promise((resolve) => response.on('close', resolve).on('error', () => {}));
  }

  #take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    this.#lastId = fields.get('id') ?? this.#lastId;
    const event = fields.get('event') as LiveEvent['event'] | undefined;
    if (event !== undefined) this.heard.push({ at: Date.now(), event, data: JSON.parse(fields.get('data')!) });
  }
}
