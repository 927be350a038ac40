/**
 * nft's JSON (libnftables-json(5)) is one document on one line: 70 MB for a million elements. This finds the elements of its sets
 * while it comes in, each as a small JSON text of its own, so that neither the memory nor the time of `JSON.parse` grows with it.
 * Only the brackets and the names around the elements are looked at.
 */

export interface ElementTaker {
  /** `type`: null when none was given before the elements. Returns whether the elements are wanted. */
  elements(set: string, type: string | null): boolean;
  element(json: string): void;
  /** The text is no JSON of this kind; nothing more comes. */
  broken(why: string): void;
}

/** Characters of one element; one with comment and counters has about 150. */
const ELEMENT_CHARS_MAX = 4096;
/** Characters of a name that are kept. */
const NAME_CHARS_MAX = 256;
/** Brackets inside brackets, outside of elements; rules have about ten. */
const DEPTH_MAX = 128;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface Frame {
  array: boolean;
  /** The name under which it stands in its object. */
  name: string;
  /** The name whose value is next, or was last. */
  key: string;
  afterColon: boolean;
}

export class JsonElements {
  private readonly taker: ElementTaker;
  private readonly frames: Frame[] = [];
  private inString = false;
  private escaped = false;
  /** The string outside, or the element, as far as it has come. */
  private text = '';
  private set = '';
  private type: string | null = null;
  /** Brackets open inside the current element; -1: not among elements. */
  private depth = -1;
  private listSeen = false;
  private stopped = false;

  constructor(taker: ElementTaker) {
    this.taker = taker;
  }

  piece(piece: string): void {
    let from = 0;
    for (let i = 0; i < piece.length && !this.stopped; i++) {
      const code = piece.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === BACKSLASH) this.escaped = true;
        else if (code === QUOTE) {
          this.inString = false;
          if (this.depth < 0) this.stringEnd(piece, from, i);
        }
      } else if (code === QUOTE) {
        this.inString = true;
        if (this.depth < 0) [this.text, from] = ['', i + 1];
      } else if (this.depth >= 0) {
        if (this.elementEnds(code)) {
          this.keep(piece, from, i, ELEMENT_CHARS_MAX);
          this.endElement();
          from = i + 1;
        }
      } else if (this.outside(code)) {
        this.text = '';
        from = i + 1;
      }
    }
    if (this.depth >= 0) this.keep(piece, from, piece.length, ELEMENT_CHARS_MAX);
    else if (this.inString) this.keep(piece, from, piece.length, NAME_CHARS_MAX);
  }

  end(): void {
    if (this.stopped) return;
    if (this.frames.length > 0 || this.inString) this.stop('the text ends before the document does');
    else if (!this.listSeen) this.stop('there is no list "nftables"');
  }

  private stop(why: string): void {
    this.stopped = true;
    this.taker.broken(why);
  }

  /** One character more than `max` is enough to know that it is too long. */
  private keep(piece: string, from: number, to: number, max: number): void {
    if (from < to && this.text.length <= max) this.text += piece.slice(from, Math.min(to, from + max + 1));
  }

  /** Among elements: whether the character ends one. */
  private elementEnds(code: number): boolean {
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) this.depth++;
    else if (this.depth > 0) {
      if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) this.depth--;
    } else if (code === COMMA) return true;
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      this.depth = -1;
      this.close(code === CLOSE_ARRAY);
      return true;
    }
    return false;
  }

  private endElement(): void {
    const json = this.text.trim();
    this.text = '';
    if (json !== '' && !this.stopped) this.taker.element(json);
  }

  /** Outside of elements. Returns true when elements begin. */
  private outside(code: number): boolean {
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) return this.open(code === OPEN_ARRAY);
    if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) this.close(code === CLOSE_ARRAY);
    else if (code === COLON || code === COMMA) {
      const frame = this.frames.at(-1);
      if (frame) frame.afterColon = code === COLON;
    }
    return false;
  }

  private open(array: boolean): boolean {
    const parent = this.frames.at(-1);
    if (this.frames.length === DEPTH_MAX) this.stop('there are too many brackets inside brackets');
    const name = parent && !parent.array ? parent.key : '';
    this.frames.push({ array, name, key: '', afterColon: false });
    const ofSet = parent !== undefined && !parent.array && isSet(parent.name);
    if (isSet(name)) [this.set, this.type] = ['', null];
    else if (array && name === 'nftables' && this.frames.length === 2) this.listSeen = true;
    else if (array && name === 'type' && ofSet) this.type = 'a combination';
    else if (array && name === 'elem' && ofSet && this.taker.elements(this.set, this.type)) {
      this.depth = 0;
      return true;
    }
    return false;
  }

  private close(array: boolean): void {
    const frame = this.frames.pop();
    if (frame?.array !== array) this.stop('a bracket closes that none opened');
  }

  private stringEnd(piece: string, from: number, to: number): void {
    this.keep(piece, from, to, NAME_CHARS_MAX);
    const frame = this.frames.at(-1);
    if (frame && !frame.array) {
      if (!frame.afterColon) frame.key = this.text;
      else if (isSet(frame.name) && frame.key === 'name') this.set = this.text;
      else if (isSet(frame.name) && frame.key === 'type') this.type = this.text;
    }
    this.text = '';
  }
}

/** `{ "set": … }` in a listing, `{ "add": { "element": … } }` in a script. */
function isSet(name: string): boolean {
  return name === 'set' || name === 'element';
}
