/**
 * The scans that touch most bytes of a message, four bytes at a time.
 *
 * Measured in Node 24 on a 2.8 GHz Xeon: `bytes[i]` in a loop costs about 1 ns with its checks; the same scan over 32-bit words
 * 0.3 ns a byte.
 * What a loop uses of a module is taken into a local constant first: a module's binding is read, and its kind checked, at every use
 * (measured: 15 % of decoding).
 * Invariant: `decodeSip` attaches the buffer first; all positions given here lie inside it.
 */
let attached: Uint8Array = new Uint8Array(0);
let words: DataView = new DataView(attached.buffer);

/** The buffer before this one: frames and what is remembered of them take turns, and a view is dear to make. */
let attachedBefore = attached;
let wordsBefore = words;

export function attach(bytes: Uint8Array): void {
  if (bytes === attached) return;
  const view = bytes === attachedBefore ? wordsBefore : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  attachedBefore = attached;
  wordsBefore = words;
  attached = bytes;
  words = view;
}

/** The buffer as a view, made anew only when it is another buffer than the one asked for last. */
export function viewOf(bytes: Uint8Array): DataView {
  attach(bytes);
  return words;
}

/** The four bytes at `i`, first byte lowest; needs `i + 4` inside the buffer. */
export function wordAt(i: number): number {
  return words.getInt32(i, true);
}

/** Text of four characters as `wordAt` gives it. */
export function wordOf(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24) | 0;
}

const ONES = 0x01010101;
const HIGH = 0x80808080 | 0;
const SPACES = 0x20202020;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether one of the four bytes is below `-` or from `:` to `@`: all that can mean something in a URI is among those. */
export function mayMark(word: number): boolean {
  const low = word & 0x7f7f7f7f;
  const marks = (word - 0x2d2d2d2d) | ((low + 0x46464646) & ~(low + 0x3f3f3f3f));
  return (marks & ~word & HIGH) !== 0;
}

const WORD_END = new Uint8Array(256);
for (let c = 0; c <= 0x20; c++) WORD_END[c] = 1;
for (const c of ';,=') WORD_END[c.charCodeAt(0)] = 1;

/**
 * End of a parameter's name or unquoted value: the first white space, control byte, `;`, `,` or `=`.
 * A table, not comparisons: tags and branches mix letters and digits, and a branch that follows the mix is mispredicted.
 */
export function endOfWord(bytes: Uint8Array, start: number, end: number): number {
  const view = words;
  const mark = mayMark;
  const ends = WORD_END;
  const stop = end | 0;
  let i = start | 0;
  for (;;) {
    while (i + 4 <= stop && !mark(view.getInt32(i, true))) i += 4;
    const near = i + 4 < stop ? i + 4 : stop;
    for (; i < near; i++) if (ends[bytes[i]] !== 0) return i;
    if (i === stop) return stop;
  }
}

/** First byte below 0x20 at or after `start`: line ends, tabs and the bytes that no header should hold; `end` when there is none. */
export function findControl(bytes: Uint8Array, start: number, end: number): number {
  const view = words;
  const stop = end | 0;
  let i = start | 0;
  // `(x - n·ONES) & ~x & HIGH` is not zero exactly when a byte of x is below n (n at most 0x80); its lowest bit belongs to the first.
  for (; i + 8 <= stop; i += 8) {
    const x = view.getInt32(i, true);
    const y = view.getInt32(i + 4, true);
    const inX = (x - SPACES) & ~x & HIGH;
    const inY = (y - SPACES) & ~y & HIGH;
    if ((inX | inY) !== 0) return inX !== 0 ? i + firstByte(inX) : i + 4 + firstByte(inY);
  }
  while (i < stop && bytes[i] >= 0x20) i++;
  return i;
}

/** Which of a word's four bytes the lowest bit lies in: counted, since a loop to it ends at another byte each time and is mispredicted. */
function firstByte(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >> 3;
}

/** Position of the closing quote of the quoted string that opens at `open`, or -1 (RFC 3261 §25.1 quoted-string, quoted-pair). */
export function closingQuote(bytes: Uint8Array, open: number, end: number): number {
  const view = words;
  const last = end | 0;
  let i = (open + 1) | 0;
  while (i < last) {
    for (; i + 4 <= last; i += 4) {
      const x = view.getInt32(i, true);
      const quotes = x ^ QUOTES;
      const backslashes = x ^ BACKSLASHES;
      if ((((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes)) & HIGH) break;
    }
    for (const stop = i + 4 < last ? i + 4 : last; i < stop; i++) {
      const c = bytes[i];
      if (c === QUOTE) return i;
      if (c === BACKSLASH) {
        i += 2;
        break;
      }
    }
  }
  return -1;
}
