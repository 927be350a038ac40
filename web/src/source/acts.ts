/**
 * What can be done about sources, as data: how it is done to one of them, how it is taken back, and what is said then. `usePerform`
 * (perform.tsx) does them, one source or many.
 */
import { ask } from '../api/client.ts';
import type { components } from '../api/schema.d.ts';
import { counted } from '../text/moments.ts';

export type Block = components['schemas']['Block'];
export type ListName = 'allow' | 'deny';

export interface Act<Target> {
  nameOf: (target: Target) => string;
  /** `yes`: the person knows whom it shuts out. */
  run: (target: Target, yes: boolean) => Promise<unknown>;
  /** Undoes it; null: it changed nothing. */
  back: (target: Target, answer: unknown) => (() => Promise<unknown>) | null;
  /** `203.0.113.66 is no longer blocked.` */
  told: (who: string, many: boolean) => string;
  /** Of the dialog when the daemon wants to hear it twice. */
  insist: string;
}

const targetOf = ({ target }: Block) => target;
const SHORTEST_MS = 1000;

/** What is left of a block; null: it has no end. */
export function remaining({ until }: Pick<Block, 'until'>, now: number): number | null {
  return until === null ? null : Math.max(until - now, SHORTEST_MS);
}

/** The block as it was, made by a person now. */
function again(block: Block): Promise<unknown> {
  const { address, reason } = block;
  return ask('post', '/blocks', {
    body: { address, reason, durationMs: remaining(block, Date.now()), yes: true },
  });
}

const is = (many: boolean) => (many ? 'are' : 'is');

export const lift: Act<Block> = {
  nameOf: targetOf,
  run: ({ target }) => ask('delete', '/blocks/{address}', { path: { address: target } }),
  // By hand addresses alone are blocked: of one phone or a network the block does not come back.
  back: (block) => (block.scope === 'address' ? () => again(block) : null),
  told: (who, many) => `${who} ${is(many)} no longer blocked.`,
  insist: 'Lift all the same',
};

/** `durationMs`: from now on; null: for ever. */
export function extend(durationMs: number | null, until: string): Act<Block> {
  const set = (target: string, length: number | null) =>
    ask('post', '/blocks/extend', { body: { address: target, durationMs: length } });
  return {
    nameOf: targetOf,
    run: ({ target }) => set(target, durationMs),
    back: (block) => () => set(block.target, remaining(block, Date.now())),
    told: (who, many) => `${who} ${is(many)} blocked ${until}.`,
    insist: 'Extend all the same',
  };
}

/** One phone of an address cannot be on a list: lists hold addresses and networks. */
export const mayPromote = ({ scope }: Block): boolean => scope !== 'port';

/** From the blocks to a list, in one step. */
export function promote(to: ListName): Act<Block> {
  return {
    nameOf: targetOf,
    run: ({ address }, yes) => ask('post', '/blocks/promote', { body: { address, to, yes } }),
    back: (block, answer) => {
      if (!(answer as { added: boolean }).added || block.scope !== 'address') return null;
      return async () => {
        await takeOff(to, block.address);
        await again(block);
      };
    },
    told: (who, many) => `${who} ${is(many)} on the ${to}list.`,
    insist: to === 'deny' ? 'Deny all the same' : 'Allow all the same',
  };
}

/** Puts addresses or networks on a list. `comment`: why, for those who read the list. */
export function list(to: ListName, comment: string): Act<string> {
  return {
    nameOf: (range) => range,
    run: (range, yes) => ask('post', '/lists/{list}', { path: { list: to }, body: { range, comment, yes } }),
    back: (_, answer) => {
      const { added, entry } = answer as { added: boolean; entry: { range: string } };
      return added ? () => takeOff(to, entry.range) : null;
    },
    told: (who, many) => `${who} ${is(many)} on the ${to}list.`,
    insist: to === 'deny' ? 'Deny all the same' : 'Allow all the same',
  };
}

function takeOff(from: ListName, range: string): Promise<unknown> {
  return ask('delete', '/lists/{list}/{range}', { path: { list: from, range } });
}

/** `durationMs` null: for ever. */
export function block(durationMs: number | null, reason: string): Act<string> {
  return {
    nameOf: (address) => address,
    run: (address, yes) => ask('post', '/blocks', { body: { address, durationMs, reason, yes } }),
    back: (address) => () => ask('delete', '/blocks/{address}', { path: { address } }),
    told: (who, many) => `${who} ${is(many)} blocked.`,
    insist: 'Block all the same',
  };
}

/** `203.0.113.66`, `3 addresses`. */
export function nameAll(names: readonly string[]): string {
  return names.length === 1 ? names[0] : counted(names.length, 'source');
}
