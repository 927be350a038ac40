/** Argon2id as PHC strings. One at a time on libuv's threads: a flood of sign-ins takes neither the console's loop nor its memory. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { IdentityError } from './identity-error.ts';

/** 32 MB, three passes: 0.18 s on one of two busy cores. OWASP's least is 19 MB and two passes. */
export const PARAMETERS = { memoryKb: 32_768, passes: 3, lanes: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What waits longer than 20 × 0.18 s would be given up by its browser anyway. */
export const WAITING_MAX = 20;
/** Evasion: strangers who fill the queue leave these places to who is known. */
export const WAITING_KNOWN_MAX = 25;
/** What a damaged database may ask of us. */
const MEMORY_KB_MAX = 1_048_576;
const PASSES_MAX = 16;

const derive = promisify(argon2);

interface Parameters {
  memoryKb: number;
  passes: number;
  lanes: number;
}

interface Parsed extends Parameters {
  salt: Buffer;
  hash: Buffer;
}

export class PasswordHasher {
  private readonly parameters: Parameters;
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(parameters: Parameters = PARAMETERS) {
    this.parameters = parameters;
  }

  /** Errors: `IdentityError` `sign-in-busy`. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return format({
      ...this.parameters,
      salt,
      hash: await this.run(password, this.parameters, salt, WAITING_KNOWN_MAX),
    });
  }

  /** Null, or no PHC string: false, after the same time as with one. Errors: `IdentityError` `sign-in-busy`. */
  async matches(password: string, phc: string | null, waitingMax = WAITING_MAX): Promise<boolean> {
    const known = phc === null ? null : parse(phc);
    const { salt, hash, ...parameters } = known ?? { ...this.parameters, ...NOBODY };
    const equal = timingSafeEqual(await this.run(password, parameters, salt, waitingMax), hash);
    return equal && known !== null;
  }

  /** It was made with other parameters than new ones are. */
  isOutdated(phc: string): boolean {
    const { memoryKb, passes, lanes } = parse(phc) ?? { memoryKb: 0, passes: 0, lanes: 0 };
    const now = this.parameters;
    return memoryKb !== now.memoryKb || passes !== now.passes || lanes !== now.lanes;
  }

  private run(
    password: string,
    { memoryKb, passes, lanes }: Parameters,
    salt: Buffer,
    waitingMax: number,
  ): Promise<Buffer> {
    if (this.waiting >= waitingMax) {
      const text = 'Too many people sign in at this moment.';
      return Promise.reject(new IdentityError('too-many', 'sign-in-busy', text, 'Try again in a few seconds.', 5000));
    }
    this.waiting++;
    const message = password.normalize('NFKC');
    const cost = { parallelism: lanes, tagLength: HASH_BYTES, memory: memoryKb, passes };
    const done = this.last
      .then(() => derive('argon2id', { message, nonce: salt, ...cost }))
      .finally(() => this.waiting--);
    this.last = done.catch(() => {});
    return done;
  }
}

const NOBODY = { salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };

/** https://github.com/P-H-C/phc-string-format: base64 without padding. */
function format({ memoryKb, passes, lanes, salt, hash }: Parsed): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryKb},t=${passes},p=${lanes}$${text(salt)}$${text(hash)}`;
}

function parse(phc: string): Parsed | null {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,64})\$([\w+/]{43})$/.exec(phc);
  if (!match) return null;
  const [memoryKb, passes, lanes] = match.slice(1, 4).map(Number);
  const [salt, hash] = match.slice(4).map((text) => Buffer.from(text, 'base64'));
  const sound = lanes >= 1 && passes >= 1 && passes <= PASSES_MAX && memoryKb >= 8 * lanes && memoryKb <= MEMORY_KB_MAX;
  return sound && hash.length === HASH_BYTES ? { memoryKb, passes, lanes, salt, hash } : null;
}
