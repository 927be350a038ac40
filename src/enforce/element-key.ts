/** Which of the kernel's sets holds a target, and by which key. */
import { isV4, type Address } from '../core/base/address.ts';
import { networkLengths, networkTarget, portTarget, scopeOf, type Target } from '../core/base/target.ts';
import type { TargetSet } from './kernel-elements.ts';
import { hostMask } from './prefix-keys.ts';

/** What an element is found by; with protocol and port where the set's key has them. */
export interface ElementKey extends Address {
  protocol?: number;
  port?: number;
}

const TCP = 6;
const UDP = 17;
/** Parts of the logical sets, as the kernel names them without the family. */
const PARTS: Record<TargetSet, readonly string[]> = {
  block: ['block', 'blockport', 'blocknet'],
  brief: ['brief', 'briefnet'],
  deny: ['deny'],
  limit: ['limit', 'limitport'],
  trusted: ['trusted'],
  known: ['known'],
};

/** Every set of the kernel that a logical set is made of. */
export function kernelSets(set: TargetSet): { name: string; networks: boolean }[] {
  return PARTS[set].flatMap((part) =>
    ['4', '6'].map((family) => ({ name: part + family, networks: part.endsWith('net') })),
  );
}

/** Throws RangeError when the set holds no targets of that scope, or no networks of that length: a mistake of the program. */
export function kernelSetOf(set: TargetSet, target: Target): string {
  const scope = scopeOf(target);
  const family = isV4(target) ? '4' : '6';
  if (scope === 'network' && !networkLengths(isV4(target)).includes(target.bits!))
    throw new RangeError(`no network of ${target.bits} bits can be blocked`);
  if (set === 'block') return { address: 'block', port: 'blockport', network: 'blocknet' }[scope] + family;
  if (set === 'brief' && scope !== 'port') return (scope === 'network' ? 'briefnet' : 'brief') + family;
  if (set === 'limit' && scope === 'port') return `limitport${family}`;
  if (scope !== (set === 'trusted' ? 'port' : 'address'))
    throw new RangeError(`${set} holds no target of scope ${scope}`);
  return set + family;
}

/** A network's key is its first address with the bit behind the prefix set, so that lengths are told apart (`prefix-keys.ts`). */
export function keyOf(target: Target): ElementKey {
  const { w0, w1, w2, w3, bits } = target;
  if (target.port !== undefined) {
    return { w0, w1, w2, w3, protocol: target.transport === 'tcp' ? TCP : UDP, port: target.port };
  }
  if (bits === undefined) return { w0, w1, w2, w3 };
  const words = [w0, w1, w2, w3];
  const behind = isV4(target) ? bits + 96 : bits;
  words[behind >>> 5] = (words[behind >>> 5] | (1 << (31 - (behind & 31)))) >>> 0;
  return { w0: words[0], w1: words[1], w2: words[2], w3: words[3] };
}

/** Null: somebody put a key there that is none of ours. */
export function targetOf(key: ElementKey, networks: boolean): Target | null {
  if (key.port !== undefined) {
    if (key.protocol !== TCP && key.protocol !== UDP) return null;
    return portTarget(key, key.port, key.protocol === TCP ? 'tcp' : 'udp');
  }
  if (!networks) return key;
  const v4 = isV4(key);
  const bits = networkLengths(v4).find((length) => isMarked(key, v4 ? length + 96 : length));
  return bits === undefined ? null : networkTarget(key, bits);
}

/** Is bit `at` the last one that is set? */
function isMarked(key: Address, at: number): boolean {
  const words = [key.w0, key.w1, key.w2, key.w3];
  for (let i = at >>> 5; i < 4; i++) {
    const rest = (words[i] & hostMask(at, i)) >>> 0;
    if (rest !== (i === at >>> 5 ? (1 << (31 - (at & 31))) >>> 0 : 0)) return false;
  }
  return true;
}
