/**
 * The guard's end of the channel to the console: starts it, restarts it when it dies, and never waits for it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WebOrders } from '../serve/web/settings.ts';
import { Backlog } from './backlog.ts';
import type { ConsoleNotice, GuardReport, GuardRequest, StartOrders, ToConsole, ToGuard } from '../channel/protocol.ts';

/** First pause before a restart; doubled up to the last one while the console dies at once. */
const RESTART_MS = 200;
const RESTART_MS_MAX = 10_000;
/** A console that lived this long was sound: its next death starts from the short pause. */
const SOUND_MS = 30_000;
/** What a stopping console may take to commit what it holds. */
const STOP_MS = 5_000;

/**
 * V8's young generation, of which there are three. While a million rows are imported the console takes 290 MB instead of 380, and nobody
 * waits longer than 0.2 s for its garbage, instead of 0.8 (2 busy cores).
 */
const YOUNG_MB = 4;

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
  private readonly args: string[];
  private readonly events: ConsoleEvents;
  private child: ChildProcess | null = null;
  private ready = false;
  private stopping = false;
  private leaving = false;
  private pauseMs = RESTART_MS;
  private startedAt = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(dataDirectory: string, policyFile: string | null, web: WebOrders, events: ConsoleEvents) {
    this.args = [dataDirectory, '--web', JSON.stringify(web), ...(policyFile === null ? [] : ['--policy', policyFile])];
    this.events = events;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    this.startedAt = performance.now();
    this.ready = false;
    const program = fileURLToPath(new URL('./console.ts', import.meta.url));
    const child = fork(program, this.args, {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${YOUNG_MB}`],
    });
    this.child = child;
    child.on('message', (message) => this.receive(message as ToGuard));
    child.on('error', () => {});
    child.on('exit', (code, signal) => this.ended(signal ?? `exit code ${code}`));
  }

  report(report: GuardReport): void {
    const numbered = this.backlog.add(report);
    if (this.ready) this.send(numbered);
  }

  /** Lets the console commit everything, then ends it. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
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
    // A console that dies in this moment is noticed by its exit; what was not acknowledged is sent to the next one.
    this.child?.send(message, () => {});
  }

  private ended(how: string): void {
    this.ready = false;
    this.child = null;
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
