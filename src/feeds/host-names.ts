/**
 * The host names of the allowlist, looked up on a schedule of their own times to live. Nothing is asked before `use`; what was known
 * before a restart is in force at once.
 */
import type { Address } from '../core/base/address.ts';
import { systemClock, type Clock } from './clock.ts';
import type { FeedEvent } from './feed.ts';
import { readAnswers, writeAnswers, type StoredAnswer } from './host-answers.ts';
import { HOST_PROBLEM_CODES, HostName, type HostNameStatus } from './host-name.ts';
import { dnsResolve, type Lookup, type ResolveHost } from './resolve-host.ts';

/** An allowlist of more names is one that belongs into addresses. */
export const HOST_NAMES_MAX = 1000;
/** Lookups at one time: a thousand names at the start must not look like a flood to the name server. */
const LOOKUPS_MAX = 8;
/** A name in trouble is reported again after this long, not at every try. */
const REPORT_EVERY_MS = 86_400_000;
const JITTER_SHARE = 0.1;

export interface HostNamesOptions {
  /** For the last good answers. */
  dataDirectory: string;
  /** The addresses of a name are others than before. */
  changed: () => void;
  report: (event: FeedEvent) => void;
  clock?: Clock;
  random?: () => number;
  resolve?: ResolveHost;
}

export class HostNames {
  private readonly names = new Map<string, HostName>();
  private readonly options: Required<HostNamesOptions>;
  private readonly lookups = new Map<string, Lookup>();
  /** By name and code; and the names whose end of trouble is news. */
  private readonly reportedAt = new Map<string, number>();
  private readonly inTrouble = new Set<string>();
  private stored: Map<string, StoredAnswer> | null = null;
  private cancelNext = () => {};
  private closed = false;
  private saving: Promise<void> = Promise.resolve();
  private tooManyReported = false;

  constructor(options: HostNamesOptions) {
    this.options = { clock: systemClock, random: Math.random, resolve: dnsResolve(), ...options };
  }

  /** The names on the allowlist now; case and a final dot do not count (RFC 4343). Known answers are in force when this returns. */
  use(names: readonly string[]): void {
    this.stored ??= readAnswers(this.options.dataDirectory) ?? new Map();
    const wanted = new Set(names.map(canonicalName).slice(0, HOST_NAMES_MAX));
    this.reportTooMany(names.length);
    let different = false;
    for (const [name, host] of [...this.names]) {
      if (wanted.has(name)) continue;
      this.names.delete(name);
      this.forget(name);
      this.lookups.get(name)?.cancel();
      different ||= host.addresses.length > 0;
    }
    for (const name of wanted) {
      if (this.names.has(name)) continue;
      const host = new HostName(name, this.stored.get(name));
      host.nextAt = this.options.clock.now();
      this.names.set(name, host);
      different ||= host.addresses.length > 0;
    }
    if (different) {
      this.save();
      this.options.changed();
    }
    this.work();
  }

  /** Of every name that is known; a name that was never resolved is missing. */
  addresses(): Map<string, Address[]> {
    const known = [...this.names.values()].filter((host) => host.addresses.length > 0);
    return new Map(known.map((host) => [host.name, host.addresses]));
  }

  status(): HostNameStatus[] {
    return [...this.names.values()].map((host) => host.status);
  }

  /** Nothing of it runs any more when this resolves. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelNext();
    const running = [...this.lookups.values()];
    for (const lookup of running) lookup.cancel();
    await Promise.allSettled(running.map((lookup) => lookup.answer));
    await this.saving;
  }

  /** Asks what is due, a few at a time, and comes back for the next. */
  private work(): void {
    if (this.closed) return;
    this.cancelNext();
    const now = this.options.clock.now();
    const waiting = [...this.names.values()].filter(({ name, nextAt }) => nextAt !== null && !this.lookups.has(name));
    waiting.sort((a, b) => a.nextAt! - b.nextAt!);
    for (const host of waiting) {
      if (host.nextAt! > now || this.lookups.size >= LOOKUPS_MAX) break;
      void this.ask(host);
    }
    if (this.lookups.size >= LOOKUPS_MAX) return;
    const next = waiting.find((host) => host.nextAt !== null && host.nextAt > now);
    if (next) this.cancelNext = this.options.clock.after(next.nextAt! - now, () => this.work());
  }

  private async ask(host: HostName): Promise<void> {
    const lookup = this.options.resolve(host.name);
    this.lookups.set(host.name, lookup);
    host.nextAt = null;
    const answer = await lookup.answer;
    if (this.lookups.get(host.name) === lookup) this.lookups.delete(host.name);
    if (this.closed) return;
    // The name may have left the list meanwhile, or left and come back.
    if (this.names.get(host.name) === host) {
      const now = this.options.clock.now();
      const { changed, pauseMs } = host.take(answer, now);
      host.nextAt = Math.ceil(now + pauseMs * (1 + JITTER_SHARE * (2 * this.options.random() - 1)));
      this.tell(host, now);
      if (changed) {
        this.save();
        this.options.changed();
      }
    }
    this.work();
  }

  /** Trouble of one kind is news once a day, however often it is tried and however often it comes and goes. */
  private tell({ name, problem }: HostName, now: number): void {
    if (!problem) {
      if (!this.inTrouble.delete(name)) return;
      this.options.report({
        level: 'info',
        code: 'host-name-recovered',
        text: `${name} is looked up without trouble again`,
      });
      return;
    }
    const { code, text } = problem;
    const key = `${name} ${code}`;
    if (now - (this.reportedAt.get(key) ?? -Infinity) < REPORT_EVERY_MS) return;
    this.reportedAt.set(key, now);
    this.inTrouble.add(name);
    this.options.report({ level: 'warning', code, text });
  }

  private forget(name: string): void {
    this.inTrouble.delete(name);
    for (const code of HOST_PROBLEM_CODES) this.reportedAt.delete(`${name} ${code}`);
  }

  private reportTooMany(count: number): void {
    const tooMany = count > HOST_NAMES_MAX;
    if (tooMany && !this.tooManyReported) {
      const text = `the allowlist has ${count} host names; the first ${HOST_NAMES_MAX} are looked up`;
      this.options.report({ level: 'warning', code: 'host-names-too-many', text });
    }
    this.tooManyReported = tooMany;
  }

  /** In the background, one after the other. A full disk is reported; the answers are in force all the same. */
  private save(): void {
    const answers = new Map([...this.names].flatMap(([name, { stored }]) => (stored ? [[name, stored] as const] : [])));
    this.stored = answers;
    this.saving = this.saving.then(async () => {
      try {
        if (this.stored === answers) await writeAnswers(this.options.dataDirectory, answers);
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
        const text = `the addresses of host names are in force, but would be missing after a restart: ${why}`;
        this.options.report({ level: 'warning', code: 'host-names-not-saved', text });
      }
    });
  }
}

function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
