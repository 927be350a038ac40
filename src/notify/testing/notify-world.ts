/** The chain of stages over a real store, with a clock that tests turn and channels that note what comes. */
import { afterEach, beforeEach } from 'vitest';
import type { GuardReport } from '../../channel/protocol.ts';
import type { Incident } from '../../core/judge/incident.ts';
import { compileNotify } from '../../policy/compile-notify.ts';
import { parsePolicy } from '../../policy/yaml-file.ts';
import { incident, T0 } from '../../store/sqlite/sample-reports.ts';
import { useStore, type StoreUnderTest } from '../../store/sqlite/testing/store-under-test.ts';
import type { Channel, Delivered, Delivery } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Notice } from '../notice.ts';
import { Notifier } from '../notifier.ts';
import { render } from '../render/render.ts';

export class TurnedClock implements Clock {
  wallAt = T0;
  steadyAt = T0;
  wall = () => this.wallAt;
  steady = () => this.steadyAt;
  /** Time goes by. */
  go(ms: number): void {
    this.wallAt += ms;
    this.steadyAt += ms;
  }
  /** Somebody sets the clock. */
  jump(ms: number): void {
    this.wallAt += ms;
  }
}

/** A channel that takes everything, until it is told to answer otherwise. */
export class NotingChannel implements Channel {
  readonly kind = 'email';
  readonly name: string;
  readonly got: Delivery[] = [];
  readonly asked: Delivery[] = [];
  answer: (delivery: Delivery) => Delivered = () => ({ outcome: 'delivered', answer: '250 OK' });
  constructor(name: string) {
    this.name = name;
  }
  deliver(delivery: Delivery): Promise<Delivered> {
    this.asked.push(delivery);
    const answer = this.answer(delivery);
    if (answer.outcome === 'delivered') this.got.push(delivery);
    return Promise.resolve(answer);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  /** What came since the last call: kind and incident or code, in order. */
  news(): string[] {
    return this.got.splice(0).map(({ notice }) => nameOf(notice));
  }
}

export function nameOf(notice: Notice): string {
  if ('attack' in notice) return `${notice.kind} ${notice.attack.incident}`;
  if (notice.kind === 'trouble') return `trouble ${notice.code}`;
  return notice.kind === 'daily-report' ? `report ${notice.day}` : notice.kind;
}

export interface NotifyWorld {
  clock: TurnedClock;
  notifier: Notifier;
  /** Of the policy's channels, by name; the same objects after a restart. */
  channels: Map<string, NotingChannel>;
  store: StoreUnderTest;
  /** The console dies and starts again, on another policy if one is given. */
  restart(policy?: string): void;
  report(...incidents: Incident[]): void;
  raw(reports: GuardReport[]): void;
  /** Passes, one each second. */
  run(seconds: number, stepMs?: number): Promise<void>;
}

export const OFFICE = `notify: { timeZone: UTC, report: { enabled: false }, email: [{ name: office, host: localhost, from: a@example.org, recipients: [{ address: b@example.org }] }] }`;

export function useNotify(policyText = OFFICE): NotifyWorld {
  const store = useStore();
  let current = policyText;
  const world: NotifyWorld = {
    ...{ clock: new TurnedClock(), notifier: null as never, channels: new Map(), store },
    restart(policy = current) {
      current = policy;
      world.clock.steadyAt = world.clock.wallAt;
      store.reopen();
      world.notifier = begin();
    },
    report: (...incidents) => {
      const changes = incidents.map((one) => ({ incident: one, evidence: [] }));
      world.raw([{ type: 'incidents', changes }]);
      world.notifier.stored(incidents.map(({ id }) => id));
    },
    raw: (reports) => store.store.applyReports(reports),
    async run(seconds, stepMs = 1000) {
      const passes = async () => {
        while (await world.notifier.pass());
      };
      await passes();
      for (let left = seconds * 1000; left > 0; left -= stepMs) {
        world.clock.go(Math.min(left, stepMs));
        await passes();
      }
    },
  };
  const begin = () => {
    const checked = parsePolicy(current, 'test');
    if ('errors' in checked) throw new Error(JSON.stringify(checked.errors));
    return new Notifier(compileNotify(checked.document.notify, 'UTC'), {
      store: store.store,
      clock: world.clock,
      hostName: 'pbx.example.org',
      makeChannel: ({ name }) => {
        const channel = world.channels.get(name) ?? new NotingChannel(name);
        world.channels.set(name, channel);
        return channel;
      },
      render: (notice, { timeZone, consoleUrl }) => render(notice, { timeZone, consoleUrl, hostName: 'pbx' }),
      makeReport: (day) => Promise.resolve({ day, subject: day, text: day, html: '', attachments: [] }),
      onDefect: (error) => {
        throw error;
      },
      timers: false,
    });
  };
  beforeEach(async () => {
    current = policyText;
    world.clock = new TurnedClock();
    world.channels.clear();
    world.notifier = begin();
    // The first pass of an installation: what is in the log already is no news.
    await world.notifier.pass();
  });
  afterEach(() => world.notifier.close());
  return world;
}

/** An attack of source `n`: `203.0.113.n`, and beyond that the addresses of 10.0.0.0/8. */
export function attackOf(n: number, more: Partial<Incident> = {}): Incident {
  const source = n < 255 ? `203.0.113.${n}` : `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  return incident(`i${n}`, { source, target: source, ...more });
}
