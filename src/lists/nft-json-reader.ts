/** `nft -j list set|table|ruleset`: usually one line, so problems name an element by its number. */
import type { StreamReader } from './format-reader.ts';
import type { Intake } from './intake.ts';
import { JsonElements, type ElementTaker } from './json-elements.ts';
import { refuseTuple, skipSet, takeElement } from './nft-set.ts';

type Json = Record<string, unknown>;

export class NftJsonReader implements StreamReader, ElementTaker {
  private readonly intake: Intake;
  private readonly document = new JsonElements(this);
  private number = 0;
  private set = '';

  constructor(intake: Intake) {
    this.intake = intake;
  }

  piece(text: string): void {
    this.document.piece(text);
  }

  end(): number {
    this.document.end();
    return this.number;
  }

  broken(why: string): void {
    this.intake.stop(this.number, 'file-broken', '', why, 'the output of nft -j list set …');
  }

  elements(set: string, type: string | null): boolean {
    this.set = set;
    if (type === null || type === 'ipv4_addr' || type === 'ipv6_addr') return true;
    skipSet(this.intake, this.number + 1, set, type);
    return false;
  }

  element(json: string): void {
    const line = ++this.number;
    let element: unknown;
    try {
      element = JSON.parse(json);
    } catch {
      return this.intake.refuse(
        line,
        'file-broken',
        json,
        'this element is no JSON',
        'the output of nft -j list set …',
      );
    }
    const inner = isObject(element) && isObject(element.elem) ? element.elem : null;
    const address = addressOf(inner === null ? element : inner.val);
    if (address === null) return refuseTuple(this.intake, this.set, line, json);
    const left = inner?.expires ?? inner?.timeout;
    takeElement(this.intake, this.set, line, {
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
