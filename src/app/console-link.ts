/**
 * The guard's end of the channel to the console: starts it, restarts it when it dies, and never waits for it.
 */
import type { WebOrders } from '../serve/web/settings.ts';
import { Backlog } from './backlog.ts';
import type { ConsoleProcess, StartConsole } from './console-process.ts';
import type { ConsoleNotice, GuardReport, GuardRequest, StartOrders, ToConsole, ToGuard } from '../channel/protocol.ts';

/** First pause before a restart; doubled up to the last one while the console dies at once. */
const RESTART_MS = 200;
const RESTART_MS_MAX = 10_000;
/** A console that lived this long was sound: its next death starts from the short pause. */
const SOUND_MS = 30_000;
/** What a stopping console may take to commit what it holds. */
const STOP_MS = 5_000;

export interface ConsoleEvents {
  ready: (orders: StartOrders, notices: ConsoleNotice[]) => void;
  /** It cannot start. True: it is not to be started again; else the cause may pass (a full disk, a lock of the one that died). */
  failed: (code: string, text: string, hint: string | null) => boolean;
  /** It ended to open another database; a restart follows. */
  left: () => void;
  /** It died; a restart follows. */
  died: (how: string) => void;
  request: (request: GuardRequest) => Promise<unknown>;
}

export class ConsoleLink {
  readonly backlog = new Backlog();
  private readonly begin: StartConsole;
  private readonly args: string[];
  private readonly events: ConsoleEvents;
  private process: ConsoleProcess | null = null;
  private ready = false;
  private stopping = false;
  private leaving = false;
  private pauseMs = RESTART_MS;
  private startedAt = 0;
  private timer: NodeJS.Timeout | null = null;
  private gone: (() => void) | null = null;

  constructor(begin: StartConsole, policyFile: string | null, web: WebOrders, events: ConsoleEvents) {
    this.begin = begin;
    this.args = ['--web', JSON.stringify(web), ...(policyFile === null ? [] : ['--policy', policyFile])];
    this.events = events;
  }

  start(): void {
    this.startedAt = performance.now();
    this.ready = false;
    this.process = this.begin(this.args, {
      message: (message) => this.receive(message),
      ended: (how) => this.ended(how),
    });
  }

  report(report: GuardReport): void {
    const numbered = this.backlog.add(report);
    if (this.ready) this.send(numbered);
  }

  /** Lets the console commit everything, then ends it. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const { process } = this;
    if (!process) return;
    const ended = new Promise<void>((resolve) => (this.gone = resolve));
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => process.kill(), process.there ? STOP_MS : 0);
    await ended;
    clearTimeout(timer);
  }

  private receive(message: ToGuard): void {
    switch (message.kind) {
      case 'ready':
        this.ready = true;
        this.events.ready(message.orders, message.notices);
        for (const numbered of this.backlog.unacknowledged()) this.send(numbered);
        return;
      case 'failed':
        if (this.events.failed(message.code, message.text, message.hint)) this.stopping = true;
        return;
      case 'leaves':
        this.leaving = true;
        return;
      case 'ack':
        return this.backlog.acknowledge(message.seq);
      case 'request':
        void this.answer(message.id, message.request);
    }
  }

  private async answer(id: number, request: GuardRequest): Promise<void> {
    try {
      const value = await this.events.request(request);
      this.send({ kind: 'answer', id, ok: true, value });
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      this.send({ kind: 'answer', id, ok: false, code: code ?? 'guard-failed', text: message });
    }
  }

  private send(message: ToConsole): void {
    this.process?.send(message);
  }

  private ended(how: string): void {
    this.ready = false;
    this.process = null;
    this.gone?.();
    if (this.stopping) return;
    if (this.leaving) {
      this.leaving = false;
      this.events.left();
      return this.start();
    }
    if (performance.now() - this.startedAt > SOUND_MS) this.pauseMs = RESTART_MS;
    this.events.died(how);
    this.timer = setTimeout(() => this.start(), this.pauseMs);
    this.pauseMs = Math.min(RESTART_MS_MAX, this.pauseMs * 2);
  }
}
