/** Brings the files of a data set here: from disk or over HTTP, only what has changed, complete and with the right checksum. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedError } from '../feeds/feed-error.ts';
import type { FetchFeed } from '../feeds/fetch-feed.ts';
import type { NamedFile } from './compile-process.ts';
import { GeoError } from './geo-error.ts';
import type { Source } from './sources.ts';

/** Packed: GeoLite2-City as CSV, the largest that anybody may name, has 60 MB. */
export const DOWNLOAD_BYTES_MAX = 128 * 1024 * 1024;
const CHECKSUM_BYTES_MAX = 4096;
const DIGEST = /^[0-9a-f]{64}\b/i;

/** What a source said about its content: the same again means the same content. */
export interface Mark {
  etag: string | null;
  lastModified: string | null;
}
/** By the source's name. */
export type Marks = Record<string, Mark>;

export interface Obtained {
  /** Empty: nothing has changed. */
  files: NamedFile[];
  marks: Marks;
  /** When the newest of them was made, as file system or server say; milliseconds since the epoch. */
  made: number | null;
  /** Removes what was downloaded. */
  discard: () => void;
}

export interface ObtainOptions {
  fetch: FetchFeed;
  /** A directory for downloads; made when it is needed. */
  directory: string;
  signal: AbortSignal;
}

/** Errors: `GeoError`. Nothing is left on disk then. */
export async function obtain(sources: Source[], known: Marks, options: ObtainOptions): Promise<Obtained> {
  const run = new Obtaining(options);
  try {
    const first = await run.all(sources, known);
    // One of them changed: the others are needed too.
    const some = first.some((file) => file !== null);
    const files = some ? await run.rest(sources, first) : [];
    return { files, marks: run.marks, made: run.made, discard: () => run.discard() };
  } catch (error) {
    run.discard();
    throw error;
  }
}

class Obtaining {
  marks: Marks = {};
  made: number | null = null;
  private readonly options: ObtainOptions;
  private readonly written: string[] = [];

  constructor(options: ObtainOptions) {
    this.options = options;
  }

  async all(sources: Source[], known: Marks): Promise<(NamedFile | null)[]> {
    const files: (NamedFile | null)[] = [];
    for (const source of sources) files.push(await this.one(source, known[source.name] ?? null));
    return files;
  }

  async rest(sources: Source[], files: (NamedFile | null)[]): Promise<NamedFile[]> {
    const complete: NamedFile[] = [];
    for (const [i, source] of sources.entries()) complete.push(files[i] ?? (await this.one(source, null))!);
    return complete;
  }

  discard(): void {
    for (const path of this.written.splice(0)) rmSync(path, { force: true });
  }

  private sawDate(at: number): void {
    if (!Number.isNaN(at)) this.made = Math.max(this.made ?? 0, Math.floor(at));
  }

  private one(source: Source, known: Mark | null): Promise<NamedFile | null> {
    return source.kind === 'file' ? this.fromDisk(source, known) : this.fromServer(source, known);
  }

  private async fromDisk(source: Source & { kind: 'file' }, known: Mark | null): Promise<NamedFile | null> {
    const { name, path } = source;
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) {
      const what = found ? 'is no file' : 'does not exist';
      throw new GeoError('geo-file-missing', `${path} ${what}.`, 'Name a CSV or mmdb file, packed or not.');
    }
    if (found.size > DOWNLOAD_BYTES_MAX * 4) {
      throw new GeoError('geo-too-large', `${path} has ${found.size} bytes, more than ${DOWNLOAD_BYTES_MAX * 4}.`);
    }
    const etag = `${found.ino} ${found.size} ${found.mtimeMs}`;
    this.marks[name] = { etag, lastModified: null };
    this.sawDate(found.mtimeMs);
    return known?.etag === etag ? null : { name, path };
  }

  private async fromServer(source: Source & { kind: 'url' }, known: Mark | null): Promise<NamedFile | null> {
    const answer = await this.ask(source, known);
    if (answer === null) {
      this.marks[source.name] = known!;
      return null;
    }
    await this.verify(source, answer.bytes);
    this.marks[source.name] = { etag: answer.etag, lastModified: answer.lastModified };
    this.sawDate(Date.parse(answer.lastModified ?? ''));
    const path = join(this.options.directory, `download-${this.written.length}`);
    this.written.push(path);
    try {
      mkdirSync(this.options.directory, { recursive: true, mode: 0o700 });
      writeFileSync(path, answer.bytes, { mode: 0o600 });
    } catch (error) {
      throw new GeoError('geo-disk', `${source.name} cannot be kept on disk: ${(error as Error).message}.`, FREE_DISK);
    }
    return { name: source.name, path };
  }

  private async ask({ name, urls }: Source & { kind: 'url' }, known: Mark | null) {
    const mark = known ?? { etag: null, lastModified: null };
    for (const [i, url] of urls.entries()) {
      try {
        const answer = await this.fetch(url, mark, DOWNLOAD_BYTES_MAX);
        return answer.changed ? answer : null;
      } catch (error) {
        const notThere = error instanceof FeedError && /answered 404/.test(error.message);
        if (!notThere || i === urls.length - 1) throw asGeoError(name, error);
      }
    }
    throw new GeoError('geo-source-missing', `${name} has no URL.`);
  }

  /** Evasion: a file that was changed on its way, or cut where its format does not show it. */
  private async verify({ name, checksumUrl }: Source & { kind: 'url' }, bytes: Uint8Array): Promise<void> {
    if (checksumUrl === null) return;
    const none = { etag: null, lastModified: null };
    const answer = await this.fetch(checksumUrl, none, CHECKSUM_BYTES_MAX).catch((error: unknown) => {
      throw asGeoError(`The checksum of ${name}`, error);
    });
    const text = answer.changed ? Buffer.from(answer.bytes).toString('latin1').trim() : '';
    const expected = DIGEST.exec(text)?.[0].toLowerCase();
    const hint = 'It is tried again by itself; the data in use stay.';
    if (expected === undefined) throw new GeoError('geo-checksum', `The checksum of ${name} is none.`, hint);
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual !== expected) {
      throw new GeoError('geo-checksum', `${name} has the SHA-256 ${actual}, its provider says ${expected}.`, hint);
    }
  }

  private fetch(url: string, { etag, lastModified }: Mark, bytesMax: number) {
    return this.options.fetch({ url, etag, lastModified, bytesMax, signal: this.options.signal });
  }
}

export const FREE_DISK = 'Free some space on the disk of the data directory.';

/** `feed-http-status` is `geo-http-status` here, and so on. */
function asGeoError(name: string, error: unknown): Error {
  if (!(error instanceof FeedError)) return error as Error;
  const unauthorised = /answered (401|403)/.test(error.message);
  const hint = unauthorised ? 'Check countries.data.accountId and the licence key.' : null;
  const code = unauthorised ? 'geo-unauthorised' : error.code.replace(/^feed-/, 'geo-');
  return new GeoError(code, `${name} could not be fetched: ${error.message}.`, hint);
}
