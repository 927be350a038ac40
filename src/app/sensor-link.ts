/** The main thread's end of the sensor: starts it, restarts it when it dies, and sends it orders between two batches of packets. */
import { Worker } from 'node:worker_threads';
import type { Explanation } from '../core/judge/explain.ts';
import type { RegisteredSource } from '../core/judge/trust.ts';
import { Wake } from '../ffi/libc.ts';
import type { Remembered } from './patience.ts';
import type { FromSensor, SensorReadings, SensorStart, ToSensor } from './sensor-protocol.ts';

const RESTART_MS = 500;
/** The sensor answers between two batches; silence means that it is dead. */
const ANSWER_MS = 5_000;

export interface SensorEvents {
  verdict: (message: Extract<FromSensor, { kind: 'verdict' }>) => void;
  changes: (message: Extract<FromSensor, { kind: 'changes' }>) => void;
  trust: (message: Extract<FromSensor, { kind: 'trust' }>) => void;
  died: (code: string, text: string) => void;
  /** What a sensor starts from, as things stand now. */
  standing: () => Omit<SensorStart, 'wakeFd'>;
}

export class SensorLink {
  readings: SensorReadings | null = null;
  private readonly events: SensorEvents;
  private readonly wake = new Wake();
  private worker: Worker | null = null;
  private stopped: (() => void) | null = null;
  private stopping = false;
  private lastId = 0;
  /** Questions that wait for their answer. */
  private readonly asked = new Map<number, (answer: unknown) => void>();

  constructor(events: SensorEvents) {
    this.events = events;
  }

  /** Resolves when packets are being read. Rejects with a `code` when the tap cannot be had. */
  start(): Promise<void> {
    const workerData: SensorStart = { ...this.events.standing(), wakeFd: this.wake.fd };
    const transferList = workerData.memory ? [workerData.memory.buffer] : [];
    const worker = new Worker(new URL('./sensor.ts', import.meta.url), { workerData, transferList });
    this.worker = worker;
    return new Promise((resolve, reject) => {
      let ready = false;
      const fail = (code: string, text: string) => {
        this.worker = null;
        this.stopped?.();
        if (this.stopping) return;
        if (!ready) return reject(Object.assign(new Error(text), { code }));
        this.events.died(code, text);
        setTimeout(
          () => void this.start().catch((error: Error) => this.events.died('sensor-failed', error.message)),
          RESTART_MS,
        );
      };
      worker.on('message', (message: FromSensor) => {
        if (message.kind === 'ready') {
          ready = true;
          resolve();
        } else if (message.kind === 'failed') {
          worker.removeAllListeners('exit');
          fail(message.code, message.text);
        } else this.receive(message);
      });
      worker.on('error', (error: Error) => {
        worker.removeAllListeners('exit');
        fail('sensor-failed', error.message);
      });
      worker.on('exit', (code) => fail('sensor-failed', `the sensor thread ended with ${code}`));
    });
  }

  send(order: ToSensor): void {
    this.worker?.postMessage(order);
    this.wake.ring();
  }

  /** Null when the sensor is dead. */
  explain(address: string): Promise<Explanation | null> {
    return this.ask((id) => ({ command: 'explain', id, address }), null);
  }

  /** Nobody when the sensor is dead. */
  registered(): Promise<RegisteredSource[]> {
    return this.ask((id) => ({ command: 'registered', id }), []);
  }

  /** Null: nothing has changed since then, or the sensor is dead. */
  remember(since: number): Promise<Remembered | null> {
    return this.ask((id) => ({ command: 'remember', id, since }), null);
  }

  private ask<T>(question: (id: number) => ToSensor, silent: T): Promise<T> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.asked.delete(id);
        resolve(silent);
      }, ANSWER_MS);
      this.asked.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer as T);
      });
      this.send(question(id));
    });
  }

  /** Resolves when the last report has arrived. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (!this.worker) return;
    const stopped = new Promise<void>((resolve) => (this.stopped = resolve));
    this.send({ command: 'stop' });
    const timer = setTimeout(() => this.stopped?.(), ANSWER_MS);
    await stopped;
    clearTimeout(timer);
    await this.worker?.terminate();
    this.wake.close();
  }

  private receive(message: FromSensor): void {
    switch (message.kind) {
      case 'verdict':
        return this.events.verdict(message);
      case 'changes':
        return this.events.changes(message);
      case 'trust':
        return this.events.trust(message);
      case 'readings':
        this.readings = message.readings;
        return;
      case 'explanation':
        return this.answered(message.id, message.explanation);
      case 'registered':
        return this.answered(message.id, message.sources);
      case 'remembered':
        return this.answered(message.id, message.remembered);
      case 'stopped':
        this.stopped?.();
    }
  }

  private answered(id: number, answer: unknown): void {
    this.asked.get(id)?.(answer);
    this.asked.delete(id);
  }
}
