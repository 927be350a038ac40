/**
 * The life of the web server: it listens as soon as it can, takes a renewed certificate without a pause, and is never the reason why
 * anything else does not work.
 */
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Problem } from '../answers.ts';
import { readCertificate, type Certificate } from './certificate.ts';
import { buildWebServer, type WebParts } from './server.ts';
import { originOf, type WebSettings } from './settings.ts';

/** A port that is taken, a certificate that is missing: looked at again. */
const RETRY_MS = 3000;
/** A renewed certificate is used at most so much later (certbot, acme.sh: days before the old one ends). */
const CERTIFICATE_MS = 60_000;

export interface WebConsoleParts extends Omit<WebParts, 'certificate'> {
  dataDirectory: string;
  now: () => number;
  /** How often the files of the certificate are looked at; a minute when absent. */
  certificateMs?: number;
  /** It listens. */
  onOpen: (origin: string, fingerprint: string | null) => void;
  onTrouble: (problem: Problem) => void;
}

export class WebConsole {
  problem: Problem | null = null;
  /** Null: it does not listen. */
  origin: string | null = null;
  private readonly parts: WebConsoleParts;
  private app: FastifyInstance | null = null;
  private certificate: Certificate | null = null;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(parts: WebConsoleParts) {
    this.parts = parts;
  }

  /** Resolves when it listens or has said why it does not; then it goes on trying. */
  async open(): Promise<void> {
    const { settings, dataDirectory, now, onOpen, onTrouble } = this.parts;
    try {
      this.certificate = await readCertificate(settings, dataDirectory, now());
      const app = await buildWebServer({ ...this.parts, certificate: this.certificate });
      // Nobody is left without it when it was closed on the way.
      if (this.closed) return void (await app.close());
      this.app = app;
      await app.listen({ host: settings.host, port: settings.port });
      this.problem = null;
      const { port } = app.server.address() as AddressInfo;
      this.origin = originOf({ ...settings, port });
      onOpen(this.origin, this.certificate?.fingerprint ?? null);
      if (this.certificate) this.again(this.parts.certificateMs ?? CERTIFICATE_MS, () => this.renew());
    } catch (error) {
      await this.app?.close();
      this.app = null;
      const told = this.problem?.text;
      this.problem = problemOf(error as NodeJS.ErrnoException, settings);
      if (this.problem.text !== told) onTrouble(this.problem);
      this.again(RETRY_MS, () => this.open());
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.app?.close();
  }

  /** Files that cannot be read in the middle of a renewal: the next time. */
  private async renew(): Promise<void> {
    const { settings, dataDirectory, now, onTrouble } = this.parts;
    try {
      const fresh = (await readCertificate(settings, dataDirectory, now()))!;
      if (fresh.fingerprint !== this.certificate!.fingerprint) {
        (this.app!.server as Server).setSecureContext({ cert: fresh.cert, key: fresh.key });
        this.certificate = fresh;
      }
      this.problem = null;
    } catch (error) {
      const told = this.problem?.text;
      const text = `The certificate of the console cannot be read again, the old one stays in use: ${(error as Error).message}`;
      this.problem = { code: 'web-certificate', text, hint: 'Correct the files: they are looked at every minute.' };
      if (text !== told) onTrouble(this.problem);
    }
    this.again(this.parts.certificateMs ?? CERTIFICATE_MS, () => this.renew());
  }

  private again(ms: number, work: () => Promise<void>): void {
    if (this.closed) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void work(), ms);
    this.timer.unref();
  }
}

function problemOf(error: NodeJS.ErrnoException, settings: WebSettings): Problem {
  const { host, port } = settings;
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const again = 'It is tried again by itself.';
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        code: 'web-port-taken',
        text: `The console cannot be opened in a browser: another program listens on ${place}.`,
        hint: `Stop it (ss -ltnp 'sport = :${port}' names it), or choose another port: ringfence run --listen ADDRESS:PORT. ${again}`,
      };
    case 'EADDRNOTAVAIL':
      return {
        code: 'web-address-unknown',
        text: `The console cannot be opened in a browser: ${host} is no address of this machine.`,
        hint: `Choose one of its own (ip address), or 0.0.0.0: ringfence run --listen ADDRESS:PORT. ${again}`,
      };
  }
  const text = `The console cannot be opened in a browser: ${error.message}`;
  return { code: 'web-not-open', text, hint: `Correct the settings (docs/console.md). ${again}` };
}
