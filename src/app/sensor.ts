/**
 * The sensor: the guard's hot loop, in a thread of its own that never returns to an event loop while it runs.
 *
 *     wait for packets → engine.step → block in the kernel → tell the main thread
 *
 * From packet to block nothing is handed to another thread: that is what keeps the reaction below a millisecond.
 */
import { availableParallelism, setPriority } from 'node:os';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { NflogTap } from '../capture/nflog.ts';
import { QueueThreshold } from '../capture/queue-threshold.ts';
import { parseTarget } from '../core/base/target.ts';
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import type { Frame } from '../core/base/frame.ts';
import { Engine } from '../core/engine.ts';
import { isBrief, type Verdict } from '../core/judge/verdict.ts';
import { Elements } from '../enforce/elements.ts';
import { Poll, runBeforeOthers, Wake } from '../ffi/libc.ts';
import { giveBack } from '../ffi/memory.ts';
import { mapAsns } from '../geo/embedded-asns.ts';
import { TrustWriter } from './trust-writer.ts';
import { warmUp } from './warm-up.ts';
import type { FromSensor, SensorStart, ToSensor } from './sensor-protocol.ts';

/** How often changed incidents and readings go to the main thread; half of the 200 ms that a crash may lose. */
const REPORT_MS = 100;
const READINGS_MS = 500;
/** Batches read before commands and timers get their turn: at 64 packets a batch, about 5 ms of flood. */
const BATCHES_IN_ROW = 16;

const port = parentPort!;
const start = workerData as SensorStart;
const tell = (message: FromSensor) => port.postMessage(message);

/** Milliseconds since the epoch that never run backwards: packets are judged by it. */
const clock = () => performance.timeOrigin + performance.now();

class Sensor {
  private readonly engine: Engine;
  private readonly tap: NflogTap;
  private readonly elements: Elements;
  private readonly trust: TrustWriter;
  private readonly wake: Wake;
  private readonly poll: Poll;
  private readonly threshold = new QueueThreshold();
  private now = clock();
  private nextReport = 0;
  private nextReadings = 0;
  private running = true;

  constructor() {
    const { policy, seed, allow, deny, own, gateways, blockHistory, blocks } = start;
    this.engine = new Engine({ policy, seed, allow, deny, own, gateways, blockHistory });
    if (start.memory !== null) this.engine.memory.restore(start.memory, this.engine.sources, this.now);
    start.memory = null;
    if (start.asns !== null) this.engine.memory.asns = mapAsns(start.asns);
    for (const { target, until } of blocks) this.noteBlocked(target, until);
    for (const [target, until] of start.trusted) this.noteTrusted(target, until);
    this.elements = new Elements({ commits: start.commits });
    this.trust = new TrustWriter(this.elements, start.known);
    warmUp(policy, this.elements);
    this.tap = new NflogTap({ group: start.nflogGroup });
    // What the practice left behind, now: later it would come between a packet and its block. Packets that come meanwhile wait in the tap.
    giveBack();
    this.wake = new Wake(start.wakeFd);
    this.poll = new Poll([this.tap.fd, this.wake.fd]);
  }

  run(): void {
    tell({ kind: 'ready' });
    while (this.running) {
      const wait = Math.min(this.nextReport, this.engine.wakeAt()) - clock();
      const ready = this.poll.wait(Math.max(0, Math.ceil(wait)));
      this.now = clock();
      if ((ready & 1) !== 0) this.readPackets();
      if ((ready & 2) !== 0 && this.wake.clear()) this.obeyAll();
      if (this.engine.wakeAt() <= this.now) this.enforceAll(this.engine.wake(this.now));
      if (this.now >= this.nextReport) this.report();
    }
    this.report();
    this.tap.close();
    this.elements.close();
    tell({ kind: 'stopped' });
  }

  private readPackets(): void {
    let packets = 0;
    for (let batch = 0; batch < BATCHES_IN_ROW; batch++) {
      const got = this.tap.read(this.onFrame);
      if (got === 0) break;
      packets += got;
      this.now = clock();
    }
    this.tap.setQueueThreshold(this.threshold.update(packets, this.now));
  }

  private readonly onFrame = (frame: Frame): void => {
    const verdicts = this.engine.step(frame, this.now);
    if (verdicts.length > 0) this.enforceAll(verdicts);
  };

  private enforceAll(verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      const error = this.enforce(verdict);
      tell({ kind: 'verdict', verdict, enforced: error === null, error });
    }
  }

  /** Null, or why the kernel did not take it. */
  private enforce(verdict: Verdict): string | null {
    const target = parseTarget(verdict.target)!;
    const duration = verdict.until === null ? null : Math.max(1, verdict.until - this.now);
    try {
      if (isBrief(verdict)) this.elements.blockBriefly(target, duration!);
      else if (verdict.action === 'block' || verdict.action === 'deny') this.elements.block(target, duration);
      if (verdict.action === 'limit') this.elements.limit(target, duration!);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private report(): void {
    this.nextReport = this.now + REPORT_MS;
    const changes = this.engine.takeChanges();
    if (changes.length > 0) tell({ kind: 'changes', changes });
    const edits = this.trust.write(this.engine.takeTrust(), this.now);
    if (edits.length > 0) tell({ kind: 'trust', edits });
    if (this.now < this.nextReadings && this.running) return;
    this.nextReadings = this.now + READINGS_MS;
    this.tap.setQueueThreshold(this.threshold.update(0, this.now));
    const { counters } = this.engine;
    const sum = (counts: Map<unknown, number>) => [...counts.values()].reduce((total, count) => total + count, 0);
    const { frames, bytes, lost, overruns, queueThreshold } = this.tap;
    tell({
      kind: 'readings',
      readings: {
        ...{ frames, bytes, lost, overruns, queueThreshold },
        messages: counters.messages,
        requests: sum(counters.requests),
        responses: sum(counters.responses),
        anomalies: sum(counters.anomalies),
        tables: this.engine.tables,
      },
    });
  }

  private obeyAll(): void {
    for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
      this.obey(got.message as ToSensor);
    }
  }

  private obey(order: ToSensor): void {
    const { engine } = this;
    switch (order.command) {
      case 'policy':
        return engine.setPolicy(order.policy);
      case 'lists':
        return this.setLists(order.allow, order.deny);
      case 'own':
        return engine.setLists({ own: order.own, gateways: order.gateways });
      case 'blocked':
        return this.noteBlocked(order.target, order.until);
      case 'lift':
        return engine.lift(order.target);
      case 'dropped':
        for (const { address, packets } of order.dropped) engine.noteDropped(address, packets, this.now);
        return;
      case 'asns':
        engine.memory.asns = mapAsns(order.path);
        return;
      case 'explain':
        return tell({ kind: 'explanation', id: order.id, explanation: engine.explain(order.address, this.now) });
      case 'remember':
        return this.remember(order.id, order.since);
      case 'registered':
        return tell({ kind: 'registered', id: order.id, sources: engine.registered(this.now) });
      case 'stop':
        this.running = false;
    }
  }

  /** Takes 20 ms when all tables are full, a fraction of one as a rule. */
  private remember(id: number, since: number): void {
    const { memory, sources } = this.engine;
    if (memory.changes === since) return tell({ kind: 'remembered', id, remembered: null });
    const words = memory.snapshot(sources);
    const message: FromSensor = { kind: 'remembered', id, remembered: { changes: memory.changes, words } };
    port.postMessage(message, [words.buffer]);
  }

  private setLists(allow: PackedRanges | undefined, deny: PackedRanges | undefined): void {
    this.engine.setLists({ ...(allow && { allow }), ...(deny && { deny }) });
  }

  private noteTrusted(text: string, until: number): void {
    const target = parseTarget(text);
    if (target && until > this.now) this.engine.noteTrusted(target, until, this.now);
  }

  private noteBlocked(text: string, until: number | null): void {
    const target = parseTarget(text);
    if (target) this.engine.noteBlocked(target, until ?? Infinity, this.now);
  }
}

/** Where real time is not to be had. It counts among the tasks of one session or service only (sched(7), autogroup). */
const SENSOR_NICE = -15;

/**
 * Between a packet and its block stands nobody else's work. Measured on two busy processors, 120 attacks: with the nice value the thread
 * waited 100 to 230 ms for a processor, as much as it ran; in real time 3 to 4 ms.
 */
function comeFirst(): void {
  // The PBX keeps the other processor; where there is one only, a flood must not take it.
  if (availableParallelism() > 1 && runBeforeOthers() === 0) return;
  try {
    setPriority(SENSOR_NICE);
  } catch {
    // Without the right to do so it runs as everybody does.
  }
}

comeFirst();
try {
  new Sensor().run();
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  tell({ kind: 'failed', code: code ?? 'sensor-failed', text: message });
}
