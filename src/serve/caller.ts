/** Who asks: for the audit log, and so that nobody locks themselves out. Goes with the request through everything that it does. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scope } from '../identity/scopes.ts';
import type { SignedIn, Visit } from '../identity/sessions.ts';
import type { Account } from '../store/identity-store.ts';
import type { Change } from '../store/store.ts';
import type { OperationsContext } from './context.ts';
import type { Session } from './lock-out.ts';

export interface Caller {
  name: string;
  /** From where: `local socket`. */
  origin: string;
  /** Where the person sits, when the command line could tell. */
  sessions: Session[];
  /** Calls back when the connection has gone; a caller without one stays. */
  onGone: (listener: () => void) => void;
  /** Of the web server; absent: over the Unix socket, where nobody signs in. */
  visitor?: Visitor;
}

/** Somebody with a browser or a token. */
export interface Visitor extends Visit {
  /** Whose browser or token it is; null: nobody's yet, or a token that was made on the machine itself. */
  account: Account | null;
  /** Null: a token, or nobody has signed in yet. */
  signedIn: SignedIn | null;
  scopes: readonly Scope[];
  /** The answer gives the browser this session, or takes it away (null). */
  keepSession: (secret: string | null) => void;
}

/** Nobody has said a name: whoever may open the socket is the administrator. */
const ADMINISTRATOR: Caller = {
  name: 'administrator',
  origin: 'local socket',
  sessions: [],
  onGone: () => {},
};

const callers = new AsyncLocalStorage<Caller>();

export function asCaller<T>(caller: Caller, work: () => T): T {
  return callers.run(caller, work);
}

export function caller(): Caller {
  return callers.getStore() ?? ADMINISTRATOR;
}

/** What the store notes with a change that is made now. */
export function changeByCaller(context: Pick<OperationsContext, 'now'>, comment?: string): Change {
  const { name, origin } = caller();
  return { now: context.now(), by: name, origin, ...(comment === undefined || comment === '' ? {} : { comment }) };
}

/** Headers in which the command line says who runs it. Values are percent-encoded: names may be in any script. */
export const USER_HEADER = 'x-ringfence-user';
/** `address port`, of the SSH session that the command runs in. */
export const SESSION_HEADER = 'x-ringfence-session';

const NAME_CHARS_MAX = 64;

type Headers = Record<string, string | string[] | undefined>;

export function callerOf(headers: Headers, onGone: Caller['onGone']): Caller {
  const name = (decoded(headers[USER_HEADER]) ?? '').slice(0, NAME_CHARS_MAX);
  const [address, port = ''] = (decoded(headers[SESSION_HEADER]) ?? '').split(' ');
  return {
    name: name === '' ? ADMINISTRATOR.name : name,
    origin: ADMINISTRATOR.origin,
    sessions: address === '' ? [] : [{ address, port: /^\d{1,5}$/.test(port) ? Number(port) : null }],
    onGone,
  };
}

function decoded(value: string | string[] | undefined): string | null {
  if (typeof value !== 'string') return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
