/** Inputs from seeds: flipped bits, spliced, cut, repeated and boundary values, and now and then nothing but noise. */
import type { Random } from './random.ts';

/** Most inputs stay short, so that many are tried; one in `LONG_ONE_IN` may grow past the largest message. */
const SHORT_BYTES_MAX = 1500;
const LONG_BYTES_MAX = 70_000;
const LONG_ONE_IN = 4000;
const MUTATIONS_MAX = 6;

const ascii = (text: string) => new TextEncoder().encode(text);

/** Pieces that mean something to a decoder. */
const PIECES = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    '\r\n ',
    '\n\t',
    ' ',
    '\0',
    ';',
    ',',
    ':',
    '"',
    '\\',
    '\\"',
    '<',
    '>',
    '@',
    '=',
    '%',
    '%00',
  ],
  ...[
    'SIP/2.0',
    'sip:',
    'sips:',
    'tel:',
    ';tag=',
    ';branch=z9hG4bK',
    'Via: SIP/2.0/UDP h',
    'v:',
    'f:',
    't: ',
    'i:',
    'l:',
    'm: *',
  ],
  ...[
    'INVITE sip:a@b SIP/2.0\r\n',
    'SIP/2.0 200 OK\r\n',
    'CSeq: 1 INVITE\r\n',
    'Content-Length: ',
    'Content-Length: 0\r\n\r\n',
  ],
  ...[
    'Authorization: Digest username="',
    'response="',
    'nonce=',
    'stale=true',
    'User-Agent: ',
    'Expires: ',
    '[::1]',
    'octet\0',
  ],
].map(ascii);

/** Numbers at which lengths and counters go wrong. */
const NUMBERS = [
  ...[
    '0',
    '-1',
    '1',
    '255',
    '256',
    '65535',
    '65536',
    '2147483647',
    '2147483648',
    '4294967295',
    '4294967296',
    '4294967301',
  ],
  ...[
    '9007199254740993',
    '18446744073709551616',
    '00000000000000000000001',
    '1e9',
    '0x10',
    '99999999999999999999999999999999',
  ],
].map(ascii);

const EDGE_BYTES = [0, 9, 10, 13, 32, 34, 44, 47, 58, 59, 60, 61, 62, 63, 64, 92, 127, 128, 255];

export function generate(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const bytesMax = random.below(LONG_ONE_IN) === 0 ? LONG_BYTES_MAX : SHORT_BYTES_MAX;
  if (seeds.length === 0 || random.below(20) === 0) return noise(random, bytesMax);
  let input: Uint8Array = random.pick(seeds);
  for (let left = random.below(MUTATIONS_MAX) + 1; left > 0; left--) input = mutate(random, input, seeds, bytesMax);
  return input.length > bytesMax ? input.slice(0, bytesMax) : input;
}

function noise(random: Random, bytesMax: number): Uint8Array {
  const bytes = new Uint8Array(random.below(random.below(4) === 0 ? bytesMax : 64));
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.next();
  return bytes;
}

function mutate(random: Random, input: Uint8Array, seeds: readonly Uint8Array[], bytesMax: number): Uint8Array {
  const at = random.below(input.length + 1);
  const span = Math.min(input.length - at, random.below(random.below(3) === 0 ? input.length + 1 : 16));
  switch (random.below(11)) {
    case 0: {
      const copy = input.slice();
      if (copy.length > 0) copy[at % copy.length] ^= 1 << random.below(8);
      return copy;
    }
    case 1: {
      const copy = input.slice();
      if (copy.length > 0) copy[at % copy.length] = random.pick(EDGE_BYTES);
      return copy;
    }
    case 2:
      return replace(input, at, span, new Uint8Array(0));
    case 3:
      return input.slice(0, at);
    case 4:
      return replace(input, at, 0, random.pick(PIECES));
    case 5:
      return replace(input, at, span, random.pick(PIECES));
    case 6: {
      // A number in the input becomes one at an edge.
      let i = at;
      while (i < input.length && (input[i] < 48 || input[i] > 57)) i++;
      let end = i;
      while (end < input.length && input[end] >= 48 && input[end] <= 57) end++;
      return replace(input, i, end - i, random.pick(NUMBERS));
    }
    case 7: {
      // A part, many times over.
      const part = input.subarray(at, at + span);
      const room = Math.max(0, bytesMax - input.length);
      const times = span === 0 ? 0 : Math.min(Math.floor(room / span), 1 << random.below(12));
      const repeated = new Uint8Array(part.length * times);
      for (let k = 0; k < times; k++) repeated.set(part, k * part.length);
      return replace(input, at, 0, repeated);
    }
    case 8: {
      const other = random.pick(seeds);
      const from = random.below(other.length + 1);
      return replace(input, at, input.length - at, other.subarray(from));
    }
    case 9: {
      const other = random.pick(seeds);
      const from = random.below(other.length + 1);
      return replace(input, at, 0, other.subarray(from, from + random.below(200)));
    }
    default: {
      // Letters the other way round.
      const copy = input.slice();
      for (let i = at; i < at + span; i++) if ((copy[i] | 32) >= 97 && (copy[i] | 32) <= 122) copy[i] ^= 32;
      return copy;
    }
  }
}

function replace(input: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(input.length - length + by.length);
  result.set(input.subarray(0, at));
  result.set(by, at);
  result.set(input.subarray(at + length), at + by.length);
  return result;
}
