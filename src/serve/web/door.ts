/** Who asks over the web, and whether they may: by the cookie of a session or by the token of a program. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../../identity/identity.ts';
import { scopesOf } from '../../identity/scopes.ts';
import { csrfTokenOf } from '../../identity/secrets.ts';
import type { SignedIn } from '../../identity/sessions.ts';
import type { TokenHolder } from '../../identity/tokens.ts';
import type { Access } from '../api/endpoint.ts';
import type { Door } from '../api/mount.ts';
import type { Caller, Visitor } from '../caller.ts';
import { inStore } from '../context.ts';
import { OperationError } from '../operation-error.ts';
import { clientAddress, CSRF_HEADER, fromOwnPage, sameText } from './requests.ts';

export const SESSION_COOKIE = 'ringfence_session';
/** Other programs of this machine share its name, and cookies know no ports: what is not for them is not sent to them. */
const COOKIE_PATH = '/api';
/** The longest ones of real browsers have 250. */
const AGENT_CHARS_MAX = 300;
const SAFE_METHODS = ['GET', 'HEAD'];

export interface DoorParts {
  identity: Identity;
  /** Of the web server, where it counts as a management port. */
  managementPort: number | null;
  replyOf: (request: FastifyRequest) => FastifyReply;
}

export function webDoor({ identity, managementPort, replyOf }: DoorParts): Door {
  return (request, access) => {
    const address = clientAddress(request);
    const token = tokenOf(identity, request);
    const signedIn = token ? null : sessionOf(identity, request, address);
    const scopes = token?.scopes ?? (signedIn ? scopesOf(signedIn.account.role) : []);
    const visitor: Visitor = {
      address,
      agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_CHARS_MAX),
      account: token ? token.account : (signedIn?.account ?? null),
      signedIn,
      scopes,
      keepSession: (secret) => keepSession(request, replyOf(request), secret),
    };
    if (!token && !SAFE_METHODS.includes(request.method)) requireOwnPage(request, access === 'none' ? null : signedIn);
    admit(access, token, visitor);
    return callerOf(request, token?.name ?? signedIn?.account.name ?? 'nobody', visitor, managementPort);
  };
}

function admit(access: Access, token: TokenHolder | null, { signedIn, scopes }: Visitor): void {
  if (access === 'none') return;
  if (!token && !signedIn)
    throw new OperationError('unauthenticated', 'not-signed-in', 'Nobody is signed in.', 'Sign in first.');
  if (access === 'session') {
    if (signedIn) return;
    throw new OperationError(
      'forbidden',
      'session-needed',
      'This is for people, not for tokens.',
      'Sign in in a browser.',
    );
  }
  if (scopes.includes(access)) return;
  const text = `This needs the right "${access}", and you have: ${scopes.join(', ') || 'none'}.`;
  throw new OperationError('forbidden', 'scope-missing', text, 'An administrator can give it to you.');
}

/** Errors: a token that is not good is never taken for a visitor without one. */
function tokenOf(identity: Identity, { headers }: FastifyRequest): TokenHolder | null {
  if (headers.authorization === undefined) return null;
  const secret = /^Bearer +([\w-]{1,200})$/i.exec(headers.authorization)?.[1];
  const token = secret === undefined ? null : inStore(() => identity.tokens.find(secret));
  if (token) return token;
  throw new OperationError(
    'unauthenticated',
    'token-unknown',
    'This token is not good: unknown, removed, or at its end.',
  );
}

function sessionOf(identity: Identity, { cookies }: FastifyRequest, address: string): SignedIn | null {
  const secret = cookies[SESSION_COOKIE];
  return secret === undefined ? null : inStore(() => identity.sessions.find(secret, address));
}

/** Evasion: a page of a stranger makes the administrator's browser send what it likes, cookie included. */
function requireOwnPage(request: FastifyRequest, signedIn: SignedIn | null): void {
  const token = request.headers[CSRF_HEADER];
  const right = !signedIn || (typeof token === 'string' && sameText(token, csrfTokenOf(signedIn.secret)));
  if (right && fromOwnPage(request)) return;
  const text = 'This change did not come from a page of the console.';
  const hint = 'Reload the page. Programs use a token: Authorization: Bearer rf_…';
  throw new OperationError('forbidden', 'csrf', text, hint);
}

function callerOf(request: FastifyRequest, name: string, visitor: Visitor, managementPort: number | null): Caller {
  const { socket } = request.raw;
  return {
    name,
    origin: visitor.address,
    sessions: [{ address: visitor.address, port: managementPort }],
    onGone: (listener) => void socket.once('close', listener),
    visitor,
  };
}

function keepSession(request: FastifyRequest, reply: FastifyReply, secret: string | null): void {
  const options = {
    path: COOKIE_PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
  } as const;
  if (secret === null) void reply.clearCookie(SESSION_COOKIE, options);
  else void reply.setCookie(SESSION_COOKIE, secret, options);
}
