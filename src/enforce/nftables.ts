/** The `nft` program, for what people should be able to read: the table's structure. Elements never go this way (`elements.ts`). */
import { spawn } from 'node:child_process';

import type { KernelStructure } from './kernel-structure.ts';
import { readStructure, type Structure } from './structure.ts';
import { TABLE } from './table.ts';

const HINTS = {
  'nft-missing': 'The program nft is missing: install the package nftables.',
  'nft-failed': 'nft refused the ruleset: `ringfence doctor` checks its version and the kernel.',
} as const;

export class NftError extends Error {
  readonly code: keyof typeof HINTS;
  readonly hint: string;

  /** `words`: nft's own; shown without control characters. */
  constructor(code: keyof typeof HINTS, words: string) {
    const shown = words
      .trim()
      .slice(0, WORDS_MAX)
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '?');
    super(`${HINTS[code]}${shown === '' ? '' : `\n${shown}`}`);
    this.name = 'NftError';
    this.code = code;
    this.hint = HINTS[code];
  }
}

const WORDS_MAX = 2000;
/** nft needs 20 ms for our table; one that hangs (a stuck kernel lock) must not hang us for ever. */
const TIMEOUT_MS = 30_000;
/** sh's exit code for a program that is not there. */
const NOT_FOUND = 127;
/** A service's PATH may lack the directory of nft. */
const PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;

export class Nftables implements KernelStructure {
  private readonly table: string;

  constructor(table = TABLE) {
    this.table = table;
  }

  async apply(text: string): Promise<void> {
    await nft(text);
  }

  async recreate(text: string): Promise<void> {
    await nft(`${this.removal()}${text}`);
  }

  async remove(): Promise<void> {
    await nft(this.removal());
  }

  structure(): Structure | null {
    return readStructure(this.table);
  }

  /** Added first, since nft 1.0.6 has no deletion that minds no absence. */
  private removal(): string {
    return `add table inet ${this.table}\ndelete table inet ${this.table}\n`;
  }
}

/**
 * Through `cat`: Node's pipes are socket pairs, and nft opens `/dev/stdin` by name, which Linux refuses for a socket. No file is
 * written, so that a full disk cannot stop it.
 */
function nft(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', 'cat | nft -f -'], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { PATH, LC_ALL: 'C' },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let words = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (part: string) => {
      if (words.length < WORDS_MAX) words += part;
    });
    // EPIPE: nft ended before it had read all, and its exit code says why.
    child.stdin.on('error', () => {});
    child.on('error', (error) => reject(new NftError('nft-failed', error.message)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else if (code === NOT_FOUND) reject(new NftError('nft-missing', ''));
      else reject(new NftError('nft-failed', words || `nft ended with ${signal ?? `code ${code}`}`));
    });
    child.stdin.end(text);
  });
}
