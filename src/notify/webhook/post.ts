/** One POST: bounded in time and answer, to the address that was given and nowhere else. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { tlsOptions } from '../certificates.ts';

export interface PostAnswer {
  status: number;
  /** `Retry-After` in milliseconds; null: none, or not to be understood. */
  retryAfterMs: number | null;
  /** The first `ANSWER_BYTES_MAX` of the body. */
  body: string;
}

export interface PostRequest {
  url: URL;
  body: string;
  headers: Record<string, string>;
  tls: Awaited<ReturnType<typeof tlsOptions>>;
  timeoutMs: number;
}

/** What is read of an answer; a server that goes on is hung up on. */
const ANSWER_BYTES_MAX = 4096;
const RETRY_AFTER_MAX_MS = 86_400_000;

/** Redirects are answers like others: a secret in the address or body belongs to the server that was named. Rejects with the system's error. */
export function post({ url, body, headers, tls, timeoutMs }: PostRequest): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise<PostAnswer>((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error);
    const sent = send(url, {
      ...{ method: 'POST', agent: false, signal, ...tls },
      headers: {
        'user-agent': 'Ringfence',
        'content-type': 'application/json',
        ...headers,
        'content-length': Buffer.byteLength(body),
      },
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      answerOf(response)
        .then(resolve, fail)
        .finally(() => sent.destroy());
    });
    sent.end(body);
  });
}

async function answerOf(response: IncomingMessage): Promise<PostAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const status = response.statusCode ?? 0;
  const retryAfterMs = retryAfter(response.headers['retry-after'], Date.parse(response.headers.date ?? ''));
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= ANSWER_BYTES_MAX) break;
    }
  } catch {
    // The status is there; a body that breaks off says nothing more.
  }
  return { status, retryAfterMs, body: Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8') };
}

/** RFC 9110 §10.2.3: seconds, or a date, which is read against the server's own clock. */
export function retryAfter(text: string | undefined, serverNow: number): number | null {
  if (text === undefined) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - serverNow;
  return Number.isNaN(ms) || ms < 0 ? null : Math.min(ms, RETRY_AFTER_MAX_MS);
}
