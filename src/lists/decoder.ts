/**
 * Bytes of a file → text, piece by piece. The encoding is told by the byte order mark, else it is UTF-8.
 *
 * Invariant: a byte that is no text becomes a lone surrogate (U+DC00 + byte), which no valid text has. So a line that was
 * decoded cleanly is `isWellFormed()`, a replacement character that really stands in the file stays one, and a bad byte can be named.
 */
import { utf8Length } from '../core/base/utf8.ts';
import type { Encoding } from './entry.ts';

const NOT_TEXT = 0xdc00;
/** Characters for one call of `String.fromCharCode`: its arguments go over the stack. */
const CODES_MAX = 8192;

export class FileDecoder {
  private encoding: Encoding | null;
  private started = false;
  /** Bytes of a character whose rest has not come yet, or of a possible byte order mark: at most 3. */
  private held = new Uint8Array(0);
  private readonly strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private readonly windows = new TextDecoder('windows-1252');

  constructor(encoding?: Encoding) {
    this.encoding = encoding ?? null;
  }

  push(chunk: Uint8Array): string {
    return this.decode(this.held.length === 0 ? chunk : joined(this.held, chunk), false);
  }

  end(): string {
    return this.decode(this.held, true);
  }

  private decode(bytes: Uint8Array, last: boolean): string {
    this.held = new Uint8Array(0);
    let from = 0;
    if (!this.started) {
      if (bytes.length < 3 && !last) {
        this.held = bytes.slice();
        return '';
      }
      this.started = true;
      const mark = byteOrderMark(bytes);
      this.encoding ??= mark?.encoding ?? 'utf-8';
      if (mark?.encoding === this.encoding) from = mark.length;
    }
    if (this.encoding === 'windows-1252') return this.windows.decode(bytes.subarray(from));
    const end = last ? bytes.length : this.completeEnd(bytes, from);
    if (end < bytes.length) this.held = bytes.slice(end);
    return this.encoding === 'utf-8' ? this.utf8(bytes.subarray(from, end)) : this.utf16(bytes.subarray(from, end));
  }

  /** Where the last character that may go on in the next chunk begins. */
  private completeEnd(bytes: Uint8Array, from: number): number {
    if (this.encoding !== 'utf-8') return bytes.length - ((bytes.length - from) % 2);
    for (let back = 1; back <= Math.min(3, bytes.length - from); back++) {
      const byte = bytes[bytes.length - back];
      if (byte < 0x80) break;
      if (byte >= 0xc0) {
        const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        return size > back ? bytes.length - back : bytes.length;
      }
    }
    return bytes.length;
  }

  private utf8(bytes: Uint8Array): string {
    try {
      return this.strict.decode(bytes);
    } catch {
      return this.damagedUtf8(bytes);
    }
  }

  private damagedUtf8(bytes: Uint8Array): string {
    let text = '';
    let good = 0;
    for (let at = 0; at < bytes.length;) {
      const size = utf8Length(bytes, at);
      if (size > 0) {
        at += size;
        continue;
      }
      if (at > good) text += this.strict.decode(bytes.subarray(good, at));
      text += String.fromCharCode(NOT_TEXT + bytes[at]);
      good = ++at;
    }
    return good < bytes.length ? text + this.strict.decode(bytes.subarray(good)) : text;
  }

  /** Units as they are: a surrogate without its other half stays one, and marks the line. */
  private utf16(bytes: Uint8Array): string {
    const [low, high] = this.encoding === 'utf-16be' ? [1, 0] : [0, 1];
    const units = new Uint16Array(bytes.length >> 1);
    for (let i = 0; i < units.length; i++) units[i] = bytes[i * 2 + low] | (bytes[i * 2 + high] << 8);
    let text = '';
    for (let i = 0; i < units.length; i += CODES_MAX) text += String.fromCharCode(...units.subarray(i, i + CODES_MAX));
    return bytes.length % 2 === 0 ? text : text + String.fromCharCode(NOT_TEXT + bytes[bytes.length - 1]);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function byteOrderMark(bytes: Uint8Array): { encoding: Encoding; length: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return null;
}
