/** Accounts, sign-in, sessions and tokens on a real store, with a clock that tests turn. Alice is an administrator already. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterEach, beforeEach } from 'vitest';
import { openStore } from '../../store/sqlite/open.ts';
import type { Change, Store } from '../../store/store.ts';
import { Identity } from '../identity.ts';
import type { IdentityError } from '../identity-error.ts';
import { PasswordHasher } from '../password-hash.ts';
import type { SignedIn } from '../sessions.ts';
import type { Step } from '../sign-in.ts';

export const PASSWORD = 'tortoise piano 77';
export const NEXT = 'another piano 78';
export const HOME = { address: '198.51.100.1', agent: 'Firefox' };
export const AWAY = { address: '203.0.113.7', agent: 'curl' };
export const START = 1_790_000_000_000;

class IdentityWorld {
  dir!: string;
  store!: Store;
  identity!: Identity;
  now = START;
  /** Addresses that were told of as guessing. */
  guessing: string[] = [];

  /** A new installation: nobody has an account. */
  begin(): void {
    this.dir = mkdtempSync(join(tmpdir(), 'rf-identity-'));
    this.open();
  }

  end(): void {
    this.store.close();
    rmSync(this.dir, { recursive: true });
  }

  open(): void {
    this.store = openStore(this.dir, { now: this.now });
    this.identity = new Identity({
      store: this.store.identity,
      now: () => this.now,
      onGuessing: (address) => this.guessing.push(address),
      hasher: new PasswordHasher({ memoryKb: 64, passes: 1, lanes: 1 }),
    });
  }

  restart(): void {
    this.store.close();
    this.open();
  }

  by = (who = 'test'): Change => ({ now: this.now, by: who, origin: '192.0.2.9' });

  /** The first one is an administrator, the others viewers. */
  account = async (name: string): Promise<void> => {
    const { accounts } = this.identity;
    const link = accounts.firstLink() ?? accounts.add(name, 'viewer', this.by());
    await accounts.useLink(link, name, PASSWORD, HOME.address);
  };

  signIn = async (name = 'alice', password = PASSWORD, visit = HOME): Promise<string> => {
    const step = await this.identity.signIn.withPassword(name, password, visit);
    if (!('session' in step)) throw new Error('a code is wanted');
    return step.session;
  };

  found = (secret: string): SignedIn | null => this.identity.sessions.find(secret, HOME.address);

  code = (secret: string, at = this.now): string => new TOTP({ secret }).generate({ timestamp: at });

  /** Switches the second factor on; the answer is its secret and the recovery codes. */
  withSecondFactor = async (): Promise<{ secret: string; recoveryCodes: string[] }> => {
    const me = this.found(await this.signIn())!;
    const { secret } = await this.identity.own.beginSecondFactor(me, PASSWORD, HOME);
    const recoveryCodes = this.identity.own.confirmSecondFactor(me, this.code(secret), HOME);
    this.now += 30_000;
    return { secret, recoveryCodes };
  };
}

export function useIdentity(): IdentityWorld {
  const world = new IdentityWorld();
  beforeEach(async () => {
    world.now = START;
    world.guessing = [];
    world.begin();
    await world.account('alice');
  });
  afterEach(() => world.end());
  return world;
}

export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as IdentityError).code ?? String(error);
  }
  return 'none';
}

export const challengeOf = (step: Step) => ('challenge' in step ? step.challenge : '');
