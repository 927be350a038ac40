/** Makes plain values of YAML nodes, remembers where each path stood, and bounds what hostile YAML can unfold to. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node } from 'yaml';
import { cut, pathText, show } from './check.ts';
import type { Path, Place } from './check.ts';
import { POLICY_ERRORS_MAX } from './policy-error.ts';
import type { PolicyError } from './policy-error.ts';
import type { SourceText } from './source-text.ts';

/** The deepest policy is 6 levels. */
const DEPTH_MAX = 20;
/** Evasion: a few lines of aliases to aliases unfold to billions of values ("billion laughs"). */
const ALIASES_MAX = 100;
const VALUES_MAX = 50_000;

interface Span {
  key: number;
  start: number;
  text: string;
}

export class YamlReader {
  readonly errors: PolicyError[] = [];
  readonly #doc: Document;
  readonly #source: SourceText;
  readonly #spans = new Map<string, Span>();
  #aliases = 0;
  #values = 0;

  constructor(doc: Document, source: SourceText) {
    this.#doc = doc;
    this.#source = source;
  }

  locate(path: Path, part: 'key' | 'value'): Place {
    for (let length = path.length; length >= 0; length--) {
      const span = this.#spans.get(path.slice(0, length).join('\0'));
      if (!span) continue;
      const exact = length === path.length;
      const place = this.#source.place(part === 'key' ? span.key : span.start);
      return { ...place, text: exact ? span.text : null };
    }
    return { ...this.#source.place(0), text: null };
  }

  read(node: unknown, path: Path, keyAt: number): unknown {
    const at = (node as Node | null)?.range?.[0] ?? keyAt;
    if (++this.#values > VALUES_MAX || path.length > DEPTH_MAX) {
      if (this.#values <= VALUES_MAX + 1)
        this.#fail(at, path, 'too many or too deeply nested values', 'a policy', null);
      this.#values = VALUES_MAX + 1;
      return undefined;
    }
    const pathKey = path.join('\0');
    if (!this.#spans.has(pathKey)) this.#spans.set(pathKey, { key: keyAt, start: at, text: this.#textOf(node) });
    if (isAlias(node)) return this.#readAlias(node, path, at);
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, i) => this.read(item, [...path, i], at));
    if (!isMap(node)) return null;
    const value: Record<string, unknown> = {};
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const offset = keyNode?.range?.[0] ?? at;
      if (!isScalar(keyNode)) {
        this.#fail(offset, path, 'a key that is no plain text', 'a name, e.g. mode', null);
        continue;
      }
      const key = String(keyNode.value);
      const before = seen.get(key);
      if (before !== undefined) {
        const hint = `it stands in line ${this.#source.place(before).line} already: remove one of them`;
        this.#fail(offset, [...path, key], `"${cut(key)}" a second time`, 'each key once', hint);
        continue;
      }
      seen.set(key, offset);
      const child = this.read(pair.value, [...path, key], offset);
      // Evasion: a key `__proto__` must become an (unknown) key, not the object's prototype.
      Object.defineProperty(value, key, { value: child, enumerable: true, writable: true, configurable: true });
    }
    return value;
  }

  #readAlias(node: Node, path: Path, at: number): unknown {
    if (!isAlias(node)) return undefined;
    if (++this.#aliases > ALIASES_MAX) {
      if (this.#aliases === ALIASES_MAX + 1) {
        this.#fail(at, path, 'too many aliases', `at most ${ALIASES_MAX} aliases, counting what they unfold to`, null);
      }
      return undefined;
    }
    const target = node.resolve(this.#doc);
    if (!target) {
      this.#fail(
        at,
        path,
        `the alias *${cut(node.source)}`,
        'a value',
        'no anchor of that name stands before it; put quotes around a text that starts with *',
      );
      return undefined;
    }
    return this.read(target, path, at);
  }

  #fail(offset: number, path: Path, found: string, expected: string, hint: string | null): void {
    if (this.errors.length < POLICY_ERRORS_MAX) {
      this.errors.push(this.#source.error(offset, pathText(path), found, expected, hint));
    }
  }

  /** Scalars as they were typed: `0x10` stays `0x10`. */
  #textOf(node: unknown): string {
    if (isMap(node)) return 'a section';
    if (isSeq(node)) return 'a list';
    if (!isScalar(node) || node.value === null || !node.range) return 'nothing';
    return node.type === 'PLAIN'
      ? show(this.#source.text.slice(node.range[0], node.range[1]).trim())
      : show(node.value);
  }
}
