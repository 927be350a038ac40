/** Asks the running daemon over its Unix socket. */
import { Agent, request } from 'node:http';
import { socketPath, withinLimit } from '../src/serve/socket-path.ts';
import { API_PREFIX } from '../src/serve/api/endpoint.ts';
import type { Problem } from '../src/serve/api/problem.ts';
import type { Outcome } from '../src/serve/operation-error.ts';
import {
  CliError,
  EXIT_FAILED,
  EXIT_NO,
  EXIT_NO_PERMISSION,
  EXIT_REFUSED,
  EXIT_UNREACHABLE,
  EXIT_USAGE,
} from './exit-codes.ts';
import { callerHeaders } from './caller.ts';
import { escapeLines } from './escape.ts';

/** Longer than the daemon's own limit for an answer of its guard. */
const TIMEOUT_MS = 45_000;
/** Evidence of one incident, or a list of 100,000 entries, is far below. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

const EXIT_CODES: Record<Outcome, number> = {
  no: EXIT_NO,
  usage: EXIT_USAGE,
  refused: EXIT_REFUSED,
  failed: EXIT_FAILED,
  unauthenticated: EXIT_NO_PERMISSION,
  forbidden: EXIT_NO_PERMISSION,
  'too-many': EXIT_FAILED,
};

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * The answer's JSON; `path` as in the contract: `/status`. Errors: `CliError` with the exit code of docs/cli.md (69 not reachable, 77 no permission, else by the
 * daemon's outcome).
 */
export async function ask<T>(dataDirectory: string, method: Method, path: string, body?: unknown): Promise<T> {
  const connection = new Connection(dataDirectory);
  try {
    return await connection.ask<T>(method, path, body);
  } finally {
    connection.close();
  }
}

/** Items of one request. */
const PAGE_ITEMS = 1000;

/** The items of a list, page by page, at most `itemsMax`. Errors: as `ask`. */
export async function askAll<T>(
  dataDirectory: string,
  path: string,
  filter: Record<string, string | number | undefined> = {},
  itemsMax: number = Infinity,
): Promise<T[]> {
  const connection = new Connection(dataDirectory);
  try {
    return await connection.askAll<T>(path, filter, itemsMax);
  } finally {
    connection.close();
  }
}

/** Several questions over one connection. The daemon drops what belongs to it (an import) when it ends, however that happens. */
export class Connection {
  private readonly dataDirectory: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private reachable: { path: string; release: () => void } | null = null;

  constructor(dataDirectory: string) {
    this.dataDirectory = dataDirectory;
  }

  /** As `ask`. */
  async ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const full = socketPath(this.dataDirectory);
    try {
      this.reachable ??= withinLimit(full);
      return valueOf<T>(await exchange(this.reachable.path, this.agent, method, path, body));
    } catch (error) {
      throw error instanceof CliError ? error : describe(error as Error, full, this.dataDirectory);
    }
  }

  /** As the function `askAll`. */
  async askAll<T>(
    path: string,
    filter: Record<string, string | number | undefined> = {},
    itemsMax: number = Infinity,
  ): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(Math.min(PAGE_ITEMS, itemsMax - items.length)) });
      for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
      if (cursor !== null) query.set('cursor', cursor);
      const page: { items: T[]; next: string | null } = await this.ask('GET', `${path}?${query}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && items.length < itemsMax);
    return items;
  }

  close(): void {
    this.agent.destroy();
    this.reachable?.release();
    this.reachable = null;
  }
}

function valueOf<T>({ status, text }: { status: number; text: string }): T {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new CliError(EXIT_FAILED, 'The daemon’s answer is not JSON: it may be of another version.');
  }
  if (status < 400) return answer as T;
  throw new AnswerError(answer as Problem);
}

/** What the daemon said instead of an answer. */
export class AnswerError extends CliError {
  /** Stable, e.g. `needs-confirmation`. */
  readonly code: string;

  constructor({ outcome, code, detail, hint }: Problem) {
    super(EXIT_CODES[outcome], escapeLines(detail), hint ? escapeLines(hint) : undefined);
    this.code = code;
  }
}

function exchange(
  socket: string,
  agent: Agent,
  method: Method,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...callerHeaders(), ...(json === undefined ? {} : { 'content-type': 'application/json' }) };
    const target = { socketPath: socket, agent, method, path: API_PREFIX + path };
    const asked = request({ ...target, headers, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > ANSWER_BYTES_MAX) asked.destroy(new Error('the answer is larger than 256 MB'));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 500, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    asked.on('error', reject);
    asked.end(json);
  });
}

function describe(error: NodeJS.ErrnoException, socket: string, dataDirectory: string): CliError {
  const shown = escapeLines(socket);
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new CliError(
      EXIT_NO_PERMISSION,
      `No permission to ask the daemon (socket ${shown}).`,
      'Run it as the user that the daemon runs as: sudo ringfence …',
    );
  }
  const why: Record<string, string> = {
    ENOENT: 'there is no such socket',
    ENOTDIR: 'there is no such socket',
    ECONNREFUSED: 'nobody listens there any more',
    ECONNRESET: 'the daemon ended while it was asked',
    ENOTSOCK: 'it is not a socket',
  };
  const reason = (error.code && why[error.code]) ?? escapeLines(error.message);
  return new CliError(
    EXIT_UNREACHABLE,
    `The Ringfence daemon is not reachable: ${reason} (tried ${shown}).`,
    `Start it with: sudo ringfence run --data ${escapeLines(dataDirectory)}   (or name the directory of a running one: --data DIR)`,
  );
}
