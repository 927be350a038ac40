/**
 * What the judge counts of the findings themselves: how many of them are known to come from their source, and at addresses that are known,
 * which port each came from. Only proven findings and known sources are kept here, so a flood of forged addresses costs nothing.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import { grown, type SourceColumn } from '../base/source-table.ts';
import { DistinctWindow, EventWindow } from '../base/window.ts';
import { COUNTED_SOURCES_MAX } from '../detect/detector.ts';

/** Findings' codes that are told apart; there are fewer. */
const CODES_MAX = 256;
/** Ports of one known address and finding that are counted one by one; beyond it the oldest is forgotten. */
export const PORTS_COUNTED_MAX = 256;

type Window = Events | DistinctWindow;

/** Events under the method of `DistinctWindow`. */
class Events {
  private readonly window = new EventWindow();

  add(_user: number, now: number, windowMs: number): void {
    this.window.add(now, 0, windowMs);
  }

  count(now: number, windowMs: number): number {
    return this.window.since(now - windowMs);
  }
}

interface OfPort {
  host: number;
  all: Window;
  proven: Window;
}

export class Offences implements SourceColumn {
  /** 1: something is kept of the row. Evasion: forgetting the others costs a flood of new sources nothing. */
  private kept = new Uint8Array(0);
  private readonly codes = new Map<string, number>();
  private readonly distinct: boolean[] = [];
  private readonly windowMs: number[] = [];
  private readonly proven = new BoundedMap<Window>(COUNTED_SOURCES_MAX);
  private readonly byPort = new BoundedMap<Map<number, OfPort>>(COUNTED_SOURCES_MAX);
  /** Ports of each address of a source that were blocked, by when. */
  private readonly blockedPorts = new BoundedMap<Map<number, DistinctWindow>>(COUNTED_SOURCES_MAX);

  grow(rows: number): void {
    this.kept = grown(this.kept, new Uint8Array(rows));
  }

  /** The finding's number, 1 … 255; the same as long as the engine lives. `distinct`: it counts users, each once. */
  number(code: string, distinct: boolean, windowMs: number): number {
    let number = this.codes.get(code);
    if (number === undefined) {
      number = Math.min(this.codes.size + 1, CODES_MAX - 1);
      this.codes.set(code, number);
    }
    this.distinct[number] = distinct;
    this.windowMs[number] = Math.max(this.windowMs[number] ?? 0, windowMs);
    return number;
  }

  /** 0: nothing was ever kept for it. */
  numberOf(code: string): number {
    return this.codes.get(code) ?? 0;
  }

  /** One more that is proven. */
  prove(row: number, code: number, user: number, now: number): void {
    this.kept[row] = 1;
    const key = keyOf(row, code);
    let window = this.proven.get(key);
    if (!window) this.proven.set(key, (window = this.windowFor(code)));
    window.add(user, now, this.windowMs[code]);
  }

  provenCount(row: number, code: number, now: number, windowMs: number): number {
    return this.proven.peek(keyOf(row, code))?.count(now, windowMs) ?? 0;
  }

  /** One more from this port of a known address. */
  add(row: number, code: number, host: number, port: number, user: number, proven: boolean, now: number): void {
    this.kept[row] = 1;
    const key = keyOf(row, code);
    let ports = this.byPort.get(key);
    if (!ports) this.byPort.set(key, (ports = new Map<number, OfPort>()));
    let one = ports.get(port);
    if (!one) {
      if (ports.size >= PORTS_COUNTED_MAX) ports.delete(ports.keys().next().value!);
      ports.set(port, (one = { host, all: this.windowFor(code), proven: this.windowFor(code) }));
    }
    one.all.add(user, now, this.windowMs[code]);
    if (proven) one.proven.add(user, now, this.windowMs[code]);
  }

  /** A proof that came later. */
  proveLate(row: number, code: number, port: number, user: number, now: number): void {
    if (code === 0) return;
    this.prove(row, code, user, now);
    this.byPort.peek(keyOf(row, code))?.get(port)?.proven.add(user, now, this.windowMs[code]);
  }

  countOfPort(row: number, code: number, port: number, now: number, windowMs: number): number {
    return this.byPort.peek(keyOf(row, code))?.get(port)?.all.count(now, windowMs) ?? 0;
  }

  provenOfPort(row: number, code: number, port: number, now: number, windowMs: number): number {
    return this.byPort.peek(keyOf(row, code))?.get(port)?.proven.count(now, windowMs) ?? 0;
  }

  /** Ports that something proven came from; of one host of a line, or of all (0). */
  provenPorts(row: number, code: number, host: number, now: number, windowMs: number): number {
    let count = 0;
    for (const one of this.byPort.peek(keyOf(row, code))?.values() ?? []) {
      if ((host === 0 || one.host === host) && one.proven.count(now, windowMs) > 0) count++;
    }
    return count;
  }

  portBlocked(row: number, host: number, port: number, now: number, windowMs: number): void {
    let hosts = this.blockedPorts.get(row);
    if (!hosts) this.blockedPorts.set(row, (hosts = new Map<number, DistinctWindow>()));
    let ports = hosts.get(host);
    if (!ports) {
      if (hosts.size >= PORTS_COUNTED_MAX) hosts.delete(hosts.keys().next().value!);
      hosts.set(host, (ports = new DistinctWindow()));
    }
    ports.add(port, now, windowMs);
  }

  portsBlocked(row: number, host: number, now: number, windowMs: number): number {
    return this.blockedPorts.peek(row)?.get(host)?.count(now, windowMs) ?? 0;
  }

  forgetPort(row: number, port: number): void {
    for (const code of this.codes.values()) this.byPort.peek(keyOf(row, code))?.delete(port);
  }

  forget(row: number): void {
    if (this.kept[row] === 0) return;
    this.kept[row] = 0;
    for (const code of this.codes.values()) {
      this.proven.delete(keyOf(row, code));
      this.byPort.delete(keyOf(row, code));
    }
    this.blockedPorts.delete(row);
  }

  private windowFor(code: number): Window {
    return this.distinct[code] ? new DistinctWindow() : new Events();
  }
}

function keyOf(row: number, code: number): number {
  return row * CODES_MAX + code;
}
