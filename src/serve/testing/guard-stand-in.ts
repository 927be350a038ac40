/**
 * A guard without a kernel, for tests of the console and the command line: it forks the real console over a real channel and speaks
 * the protocol of `src/app/protocol.ts`; blocks are a map instead of a set in the kernel.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  targetFields,
  type BlockRecord,
  type GuardHealth,
  type GuardReport,
  type GuardRequest,
  type ListHealth,
  type RegisteredSource,
  type StartOrders,
  type ToConsole,
  type ToGuard,
} from '../../channel/protocol.ts';
import { parseTarget } from '../../core/base/target.ts';
import type { Explanation } from '../../core/judge/explain.ts';
import { webOrders, type WebOrders } from '../web/settings.ts';

const CONSOLE = fileURLToPath(new URL('../../app/console.ts', import.meta.url));
export const OWN_ADDRESS = '192.0.2.1';
export const GATEWAY = '192.0.2.254';

export function makeDataDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'ringfence-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export class GuardStandIn {
  readonly blocks = new Map<string, BlockRecord>();
  /** As they stand after each message that changed them. */
  readonly orders: StartOrders[] = [];
  registered: RegisteredSource[] = [];
  /** Highest acknowledged sequence number. */
  acknowledged = 0;
  notices: string[] = [];
  /** Set to make the next answers refusals. */
  failWith: { code: string; text: string } | null = null;
  readonly console: ChildProcess;
  private seq = 0;
  private readonly onMessage = new Set<(message: ToGuard) => void>();

  private constructor(data: string, policy?: string, web: WebOrders = null) {
    const args = policy === undefined ? [data] : [data, '--policy', policy];
    args.push('--web', JSON.stringify(web));
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    this.console = fork(CONSOLE, args, {
      serialization: 'advanced',
      execArgv,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.console.on('message', (message: ToGuard) => this.receive(message));
  }

  /** A guard whose console is ready. `listen`: where browsers find it, `ADDRESS:PORT`; left out: nowhere. Rejects with the console's own words when it cannot start. */
  static async start(data: string, policy?: string, listen?: string): Promise<GuardStandIn> {
    const web = listen === undefined ? null : await webOrders(data, { listen });
    const guard = new GuardStandIn(data, policy, web);
    await guard.until((message) => message.kind === 'ready' || message.kind === 'failed');
    return guard;
  }

  /** The first message for which `wanted` holds. */
  until(wanted: (message: ToGuard) => boolean): Promise<ToGuard> {
    return new Promise((resolve, reject) => {
      const listener = (message: ToGuard) => {
        if (message.kind === 'failed') reject(new Error(`${message.code}: ${message.text}`));
        else if (!wanted(message)) return;
        this.onMessage.delete(listener);
        resolve(message);
      };
      this.onMessage.add(listener);
      this.console.once('exit', (code, signal) => reject(new Error(`the console ended: ${code ?? signal}`)));
    });
  }

  report(report: GuardReport): number {
    this.send({ kind: 'report', seq: ++this.seq, report });
    return this.seq;
  }

  /** Sends the report and waits until the console says that it is on disk. */
  async stored(report: GuardReport): Promise<void> {
    const seq = this.report(report);
    await this.until((message) => message.kind === 'ack' && message.seq >= seq);
  }

  async stop(): Promise<void> {
    if (this.console.exitCode !== null || this.console.signalCode !== null) return;
    this.send({ kind: 'stop' });
    await once(this.console, 'exit');
  }

  private send(message: ToConsole): void {
    this.console.send(message);
  }

  private receive(message: ToGuard): void {
    if (message.kind === 'ack') this.acknowledged = message.seq;
    if (message.kind === 'ready') {
      this.orders.push(message.orders);
      this.notices = message.notices.map((notice) => notice.code);
    }
    if (message.kind === 'request') this.send(this.answer(message.id, message.request));
    for (const listener of [...this.onMessage]) listener(message);
  }

  private answer(id: number, request: GuardRequest): ToConsole {
    const refuse = (code: string, text: string): ToConsole => ({ kind: 'answer', id, ok: false, code, text });
    const agree = (value: unknown): ToConsole => ({ kind: 'answer', id, ok: true, value });
    if (this.failWith) return refuse(this.failWith.code, this.failWith.text);
    switch (request.ask) {
      case 'policy':
        this.orders.push({ ...this.orders.at(-1)!, policy: request.policy });
        return agree(null);
      case 'ranges': {
        const before = this.orders.at(-1)!;
        this.orders.push({ ...before, ranges: { ...before.ranges, ...request.ranges } });
        return agree({ lifted: [], liftedCount: 0 });
      }
      case 'edit':
        return refuse('other-base', 'this guard takes whole lists only');
      case 'block': {
        if (request.address === OWN_ADDRESS) return refuse('own-address', OWN_ADDRESS);
        if (request.address === GATEWAY) return refuse('default-gateway', GATEWAY);
        const since = Date.now();
        const until = request.durationMs === null ? null : since + request.durationMs;
        const block = blockRecord({ address: request.address, since, until, reason: request.reason, origin: 'manual' });
        this.blocks.set(request.address, block);
        this.report({ type: 'blocked', block });
        return agree(block);
      }
      case 'extend': {
        const known = this.blocks.get(request.target);
        if (!known) return refuse('not-blocked', request.target);
        const until = request.durationMs === null ? null : Date.now() + request.durationMs;
        this.blocks.set(request.target, { ...known, until });
        return agree({ ...known, until });
      }
      case 'trust':
        return agree({ phones: [], known: null });
      case 'registered':
        return agree(this.registered);
      case 'unblock':
        return agree({ lifted: this.blocks.delete(request.target) });
      case 'explain':
        return agree(explanation(request.address));
    }
  }
}

export function blockRecord(given: Partial<BlockRecord> & ({ target: string } | { address: string })): BlockRecord {
  const since = given.since ?? Date.now();
  return {
    ...targetFields(parseTarget(given.target ?? given.address!)!),
    since,
    until: since + 3_600_000,
    reason: 'register-bruteforce.bad-registrations',
    finding: null,
    incident: null,
    origin: 'automatic',
    dropped: 0,
    ...given,
  };
}

export function explanation(address: string): Explanation {
  return {
    address,
    known: true,
    lastSeen: Date.now() - 1000,
    state: 'open',
    exemption: address === OWN_ADDRESS ? 'own-address' : address === GATEWAY ? 'default-gateway' : null,
    until: null,
    permanent: false,
    blocksBefore: 0,
    suspicious: false,
    standing: 'unknown',
    phones: 0,
    mode: 'protect',
    counts: [{ kind: 'flood', what: 'flood.requests', count: 12, threshold: 500, windowMs: 5000 }],
    incidents: [],
  };
}

function listHealth(ranges: number): ListHealth {
  return { ranges, loadedAt: null, loading: null, packets: 0 };
}

export function health(given: Partial<GuardHealth> = {}): GuardHealth {
  return {
    at: Date.now(),
    startedAt: Date.now() - 60_000,
    mode: 'protect',
    protects: { addresses: ['192.0.2.1', '2001:db8::1'], sipUdp: '5060', sipTcp: '5060', tftp: '69' },
    capture: { frames: 1000, bytes: 500_000, lost: 0, framesPerSecond: 12, queueThreshold: 1 },
    sip: { messages: 900, requests: 500, responses: 400, anomalies: 3 },
    tables: { sources: 10, transactions: 20, tcpStreams: 1, incidentsOpen: 1 },
    kernel: { ok: true, repairs: 0, lastRepair: null, blocked: 1 },
    wayIn: { over: { source: 0, network: 0, total: 0, known: 0, trusted: 0 }, since: null },
    dropped: 40,
    lists: { allow: listHealth(2), deny: listHealth(3), country: listHealth(0), feeds: [] },
    backlog: { waiting: 0, dropped: 0 },
    memoryBytes: 80_000_000,
    cpuSeconds: 1.5,
    ...given,
  };
}
