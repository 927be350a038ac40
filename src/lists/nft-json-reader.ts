/** `nft -j list set|table|ruleset` (libnftables-json(5)): one document, usually on one line, so problems name the element by its number. */
import type { StreamReader } from './format-reader.ts';
import type { Intake } from './intake.ts';
import { refuseTuple, skipSet, takeElement } from './nft-set.ts';

/** Characters of the document, which has to be in memory as a whole: 900,000 elements with timeouts. */
export const JSON_CHARS_MAX = 64 * 1024 * 1024;

type Json = Record<string, unknown>;

export class NftJsonReader implements StreamReader {
  private readonly intake: Intake;
  private text = '';
  private number = 0;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  piece(text: string): void {
    if (this.intake.stopped) return;
    this.text += text;
    if (this.text.length <= JSON_CHARS_MAX) return;
    this.text = '';
    const expected = 'the text form, which has no bound: nft list set …';
    this.intake.stop(1, 'file-broken', '', `the document has more than ${JSON_CHARS_MAX} characters`, expected);
  }

  end(): number {
    if (this.intake.stopped) return this.number;
    let document: unknown;
    try {
      document = JSON.parse(this.text);
    } catch (error) {
      this.text = '';
      this.intake.stop(
        1,
        'file-broken',
        '',
        `this is no JSON: ${(error as Error).message}`,
        'the output of nft -j list set …',
      );
      return this.number;
    }
    this.text = '';
    const objects = isObject(document) ? document.nftables : undefined;
    if (!Array.isArray(objects)) {
      this.intake.stop(1, 'file-broken', '', 'there is no list "nftables"', 'the output of nft -j list set …');
      return this.number;
    }
    for (const object of objects) this.object(object);
    return this.number;
  }

  /** `{ "set": … }`, or as commands `{ "add": { "set": … } }` and `{ "add": { "element": … } }`. */
  private object(object: unknown): void {
    if (!isObject(object)) return;
    const held = isObject(object.add) ? object.add : object;
    if (isObject(held.set)) this.set(held.set);
    else if (isObject(held.element)) this.elements(held.element.elem, String(held.element.name));
  }

  private set(set: Json): void {
    const name = String(set.name);
    if (set.type === 'ipv4_addr' || set.type === 'ipv6_addr') this.elements(set.elem, name);
    else if (Array.isArray(set.elem))
      skipSet(this.intake, this.number + 1, name, JSON.stringify(set.type) ?? 'unknown');
  }

  private elements(list: unknown, set: string): void {
    if (list === undefined) return;
    for (const element of Array.isArray(list) ? list : [list]) this.element(element, set);
  }

  private element(element: unknown, set: string): void {
    const line = ++this.number;
    const inner = isObject(element) && isObject(element.elem) ? element.elem : null;
    const address = addressOf(inner === null ? element : inner.val);
    if (address === null) return refuseTuple(this.intake, line, JSON.stringify(element).slice(0, 200));
    const left = inner?.expires ?? inner?.timeout;
    takeElement(this.intake, set, line, {
      address,
      comment: typeof inner?.comment === 'string' ? inner.comment : undefined,
      leftMs: typeof left === 'number' && left >= 0 ? left * 1000 : undefined,
    });
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `"192.0.2.1"`, `{ prefix: { addr, len } }`, `{ range: [first, last] }`. */
function addressOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return null;
  const { prefix, range } = value;
  if (isObject(prefix) && typeof prefix.addr === 'string') return `${prefix.addr}/${String(prefix.len)}`;
  return Array.isArray(range) && range.length === 2 ? `${String(range[0])}-${String(range[1])}` : null;
}
