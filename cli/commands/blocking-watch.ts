/** `ringfence blocked --watch`: who is blocked, live. On a terminal a table that renews itself, else a line for each change. */
import type { BlockRecord } from '../../src/channel/protocol.ts';
import { Connection } from '../client.ts';
import { escapeJson, escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { clockTime, relativeTime } from '../when.ts';
import { colour, plural, print } from '../terminal.ts';
import { renderBlocks } from './blocking.ts';

const RENEW_MS = 1000;
/** Home, and clear to the end of the screen (ECMA-48 §8.3.21, §8.3.39). */
const CLEAR = '\x1b[H\x1b[J';
/** Rows of a terminal that does not tell, and what stands around the table. */
const ROWS = 24;
const MARGIN_ROWS = 4;

export async function watchBlocks(globals: Globals, address: string | undefined): Promise<number> {
  const connection = new Connection(globals.data);
  const stop = waitForStop();
  const lines = new Changes(globals.json);
  try {
    while (!stop.stopped) {
      const all = await connection.askAll<BlockRecord>('/blocks');
      const shown =
        address === undefined ? all : all.filter((block) => block.target === address || block.address === address);
      if (process.stdout.isTTY && !globals.json) process.stdout.write(CLEAR + screen(shown, Date.now()));
      else lines.tell(shown, Date.now());
      await stop.within(RENEW_MS);
    }
  } finally {
    connection.close();
  }
  return EXIT_OK;
}

function screen(blocks: BlockRecord[], now: number): string {
  const rows = Math.max(1, (process.stdout.rows ?? ROWS) - MARGIN_ROWS);
  const title = `${plural(blocks.length, 'block')} at ${clockTime(now, now)}. Ctrl-C ends.`;
  const table = blocks.length === 0 ? '' : renderBlocks(blocks.slice(0, rows), now);
  const rest = blocks.length > rows ? `\n… and ${plural(blocks.length - rows, 'more block')}` : '';
  return `${colour.dim(title)}\n\n${table}${rest}\n`;
}

/** What has changed since the last look. */
class Changes {
  private readonly json: boolean;
  private known = new Map<string, BlockRecord>();

  constructor(json: boolean) {
    this.json = json;
  }

  tell(blocks: BlockRecord[], now: number): void {
    const current = new Map(blocks.map((block) => [block.target, block]));
    for (const block of blocks) {
      const before = this.known.get(block.target);
      if (!before) this.line('blocked', block, now);
      else if (before.until !== block.until && before.since === block.since) this.line('extended', block, now);
      else if (before.since !== block.since) this.line('blocked', block, now);
    }
    for (const block of this.known.values()) if (!current.has(block.target)) this.line('ended', block, now);
    this.known = current;
  }

  private line(what: 'blocked' | 'extended' | 'ended', block: BlockRecord, now: number): void {
    if (this.json) {
      process.stdout.write(`${escapeJson(JSON.stringify({ at: now, what, block }))}\n`);
      return;
    }
    const end = block.until === null ? 'for ever' : `ends ${relativeTime(block.until, now)}`;
    const told = what === 'ended' ? '' : `, ${end}: ${escapeText(block.reason, 200)}`;
    print(`${clockTime(now, now)}  ${block.target} ${what}${told}`);
  }
}

/** Ctrl-C and SIGTERM end the watch, not the answer that is being printed. */
function waitForStop(): { stopped: boolean; within: (ms: number) => Promise<void> } {
  let wake = () => {};
  const stop = {
    stopped: false,
    within: (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
  const end = () => {
    stop.stopped = true;
    wake();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  return stop;
}
