/** The one way to the daemon. Types come from its OpenAPI document: `npm run web:types`. */
import createClient, { type Middleware } from 'openapi-fetch';
import type { PathsWithMethod } from 'openapi-typescript-helpers';
import { ApiError, errorOf, OFFLINE } from './problem.ts';
import type { paths } from './schema.d.ts';

export const API = '/api/v1';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type PathOf<M extends Method> = PathsWithMethod<paths, M>;
type Row<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never;

/** What an endpoint answers, as JSON. */
export type Answer<P extends PathOf<M>, M extends Method = 'get'> =
  Row<P, M> extends { responses: { 200: { content: { 'application/json': infer A } } } } ? A : never;

/** What it is asked with: `{ path, query, body }`, each where the endpoint has it. */
export type Asked<P extends PathOf<M>, M extends Method = 'get'> = (Row<P, M> extends { parameters: infer Q }
  ? Pick<Q, keyof Q & ('path' | 'query')>
  : unknown) &
  (Row<P, M> extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B } : unknown);

/** What it is asked with, and one thing more; both may be left out where an endpoint can be asked with nothing. */
export type Arguments<P extends PathOf<M>, M extends Method, More> =
  Record<never, never> extends Asked<P, M> ? [asked?: Asked<P, M>, more?: More] : [asked: Asked<P, M>, more?: More];

let csrf: string | null = null;
let sessionTrouble: (trouble: SessionTrouble) => void = () => {};

/** `gone`: nobody is signed in (any more). `other`: another tab has signed in anew, and this one's CSRF token is old. */
export type SessionTrouble = 'gone' | 'other';

/** The token that `GET /session` answered; goes with each request that changes something. */
export function rememberCsrf(token: string | null): void {
  csrf = token;
}

/** For requests that do not go through `ask`. */
export function csrfToken(): string | null {
  return csrf;
}

/** Called when an answer says that the session is not what this page thinks. */
export function onSessionTrouble(listener: (trouble: SessionTrouble) => void): void {
  sessionTrouble = listener;
}

const rules: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf !== null) request.headers.set('X-Ringfence-CSRF', csrf);
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    const error = await errorOf(response);
    if (error.status === 401 && !schemaPath.startsWith('/session')) sessionTrouble('gone');
    if (error.code === 'csrf') sessionTrouble('other');
    throw error;
  },
  onError({ error }) {
    return error instanceof ApiError || (error instanceof DOMException && error.name === 'AbortError')
      ? error
      : OFFLINE;
  },
};

const client = createClient<paths>({ baseUrl: API });
client.use(rules);

/** Asks an endpoint. Errors: `ApiError`. */
export async function ask<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...[asked, signal]: Arguments<P, M, AbortSignal>
): Promise<Answer<P, M>> {
  return request(method, path, asked ?? {}, signal) as Promise<Answer<P, M>>;
}

/** The same for who knows method and path only as variables (the hooks): the caller's types hold. */
export async function request(method: Method, path: string, asked: object, signal?: AbortSignal): Promise<unknown> {
  const { path: inPath, query, body } = asked as { path?: object; query?: object; body?: unknown };
  const send = client.request as (method: string, path: string, init: object) => Promise<{ data: unknown }>;
  return (await send(method, path, { params: { path: inPath, query }, body, signal })).data;
}

/** The address of an endpoint that the browser itself opens: a CSV, a pcap. */
export function urlOf(path: string, query: Record<string, string | number | boolean | null | undefined> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${API}${path}${text === '' ? '' : `?${text}`}`;
}
