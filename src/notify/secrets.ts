/**
 * Passwords and keys of channels: one file of the data directory that the console's user alone can read. They are in no policy, no export, no
 * log and no answer; whoever asks hears whether one is set.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ChannelPolicy } from '../policy/compile-notify.ts';

export const SECRETS_FILE = 'notify-secrets.json';
export const SECRET_CHARS_MAX = 4096;
/** As many as there can be channels, and some of an earlier policy. */
export const SECRETS_MAX = 100;

/** Which channel, and where it sends to: a secret is good for both together. */
export interface SecretPlace {
  name: string;
  destination: string;
}

export function placeOf(channel: ChannelPolicy): SecretPlace {
  const { name } = channel;
  switch (channel.kind) {
    case 'email':
      return { name, destination: `${channel.host}:${channel.port}` };
    case 'webhook':
      return { name, destination: new URL(channel.url.replace('{secret}', 'secret')).origin };
    case 'syslog':
      return { name, destination: `${channel.host}:${channel.port}` };
    case 'command':
      return { name, destination: channel.program };
  }
}

interface Kept {
  destination: string;
  secret: string;
}

function isKept(value: unknown): value is Kept {
  const { destination, secret } = (value ?? {}) as Partial<Kept>;
  return typeof destination === 'string' && typeof secret === 'string';
}

export class Secrets {
  private readonly path: string;

  constructor(dataDirectory: string) {
    this.path = join(dataDirectory, SECRETS_FILE);
  }

  /**
   * Null: none is set for this channel and destination. Read at each use: a new one counts at once, and none stays in memory.
   * Evasion: whoever may change the policy, but does not know the secret, cannot have it sent to a server of their own.
   */
  of({ name, destination }: SecretPlace): string | null {
    const all = this.read();
    return Object.hasOwn(all, name) && all[name].destination === destination ? all[name].secret : null;
  }

  state(place: SecretPlace): 'set' | 'none' | 'other-destination' {
    if (this.of(place) !== null) return 'set';
    return Object.hasOwn(this.read(), place.name) ? 'other-destination' : 'none';
  }

  /** Null removes it; false: there was none. Throws what the file system says (`ENOSPC`); then the old ones stay. */
  set({ name, destination }: SecretPlace, secret: string | null): boolean {
    const all = new Map(Object.entries(this.read()));
    if (secret === null && !all.delete(name)) return false;
    if (secret !== null) all.set(name, { destination, secret });
    if (all.size > SECRETS_MAX) throw new RangeError(`at most ${SECRETS_MAX} secrets are kept`);
    this.write(`${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
    return true;
  }

  private read(): Record<string, Kept> {
    try {
      const content: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      if (typeof content !== 'object' || content === null) return {};
      return Object.fromEntries(Object.entries(content).filter(([, value]) => isKept(value)));
    } catch {
      // None was set yet, or somebody wrote the file by hand: channels say that they need a secret.
      return {};
    }
  }

  /** Invariant: nobody else can read it at any moment, and a power cut leaves the old or the new content. */
  private write(text: string): void {
    const fresh = `${this.path}.new`;
    rmSync(fresh, { force: true });
    const file = openSync(fresh, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, this.path);
  }
}
