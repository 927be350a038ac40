/** One row of the contract: what is asked, who may ask, what is answered. The socket, the web server and the OpenAPI document are made from it. */
import type { z } from 'zod';
import type { Scope } from '../../identity/scopes.ts';
import type { CsvCell } from '../../lists/csv-writer.ts';
import type { Operations } from '../operations.ts';

export const API_PREFIX = '/api/v1';

/**
 * Who may ask: whoever holds the scope. A viewer and most tokens hold `read` only; an administrator holds all. `session`: whoever is
 * signed in in a browser, for their own account. `none`: everybody.
 */
export type Access = Scope | 'session' | 'none';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The parts of a request, as they came: operations check them and say what is wrong in the words of the one who asked. */
export interface Asked {
  params: Record<string, string>;
  query: unknown;
  body: unknown;
}

export interface Endpoint {
  method: Method;
  /** Under `/api/v1`, with OpenAPI's placeholders: `/attacks/{id}`. */
  path: string;
  /** Unique: the operation's name in documents and in generated clients. */
  id: string;
  summary: string;
  /** Markdown, when the summary is not enough. */
  description?: string;
  scope: Access;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Takes a file as its body, as a stream: the media types. `body` is then absent. */
  upload?: readonly string[];
  /** 200, as JSON. Absent: it answers a `FileAnswer`. */
  answer?: z.ZodType;
  /** Media type of the file that it answers. */
  file?: string;
  /** Answers `{ items, next }`, and takes `limit` and `cursor`: its twin `PATH.csv` has the same filters. */
  csv?: CsvTwin<never>;
  run: (operations: Operations, asked: Asked) => unknown;
}

export interface CsvTwin<Item> {
  /** Title of each column → the cell of an item. */
  columns: Record<string, (item: Item) => CsvCell>;
  /** Asked with every page. */
  query?: Record<string, string>;
  /** An import takes the file back: its cells are as they are. Absent: controls are spelled out, for who reads it in a terminal. */
  exact?: true;
  /** Absent: all items. */
  where?: (item: Item) => boolean;
}

export interface FileAnswer {
  /** What a browser calls it: letters, digits, dots, dashes. */
  name: string;
  bytes: Uint8Array;
}

type ItemOf<Answer> = Answer extends { items: (infer Item)[] } ? Item : never;

/** An endpoint whose operation answers what its row says: the compiler compares them. */
export function endpoint<Answer extends z.ZodType>(
  row: Omit<Endpoint, 'answer' | 'file' | 'csv' | 'run'> & {
    answer: Answer;
    csv?: CsvTwin<ItemOf<z.output<Answer>>>;
    run: (operations: Operations, asked: Asked) => z.input<Answer> | Promise<z.input<Answer>>;
  },
): Endpoint {
  return row;
}

/** An endpoint that answers a file. */
export function fileEndpoint(
  row: Omit<Endpoint, 'answer' | 'csv' | 'run'> & {
    file: string;
    run: (operations: Operations, asked: Asked) => FileAnswer | Promise<FileAnswer>;
  },
): Endpoint {
  return row;
}

/** One noun: its rows stand together in the document. */
export interface Group {
  name: string;
  description: string;
  endpoints: readonly Endpoint[];
  streams?: readonly Stream[];
}

/** A `GET` that answers server-sent events for as long as somebody listens. */
export interface Stream extends Pick<Endpoint, 'path' | 'id' | 'summary' | 'description' | 'scope'> {
  /** Of one event: `{ event, data }`. */
  events: z.ZodType;
}
