/** The chains that drop what verdicts have blocked. */
import type { Policy } from '../core/base/policy.ts';
import { networkLengths } from '../core/base/target.ts';
import { homeOf, nftTime, phoneOf, saddrOf } from './nft-text.ts';
import { prefixOperands } from './prefix-keys.ts';
import { networkChain } from './table.ts';

type BlockPolicy = Pick<Policy, 'block'>;

/** All but `blocked4` and `blocked6`, which ask them. */
export function blockChains(): string[] {
  return [true, false].flatMap((v4) => {
    const family = v4 ? '4' : '6';
    const networks = networkLengths(v4).map((length) => networkChain(length, v4));
    return [`block${family}_port`, `block${family}_address`, ...networks];
  });
}

/** A phone by its own port, the address, the networks it lies in: the narrowest first. `core/judge/gate.ts` has the same order. */
export function renderBlocked(v4: boolean, policy: BlockPolicy): string {
  const family = v4 ? '4' : '6';
  const lengths = networkLengths(v4);
  const chains = [
    renderBlock(`block${family}_port`, phoneOf(v4), `blockport${family}`, null, policy),
    renderBlock(`block${family}_address`, saddrOf(v4), `block${family}`, `brief${family}`, policy),
    ...lengths.map((length) => {
      const { mask, mark } = prefixOperands(length, v4);
      const key = `${saddrOf(v4)} & ${mask} | ${mark}`;
      return renderBlock(networkChain(length, v4), key, `blocknet${family}`, `briefnet${family}`, policy);
    }),
  ];
  return `	chain blocked${family} {
		jump block${family}_port
		jump block${family}_address
		# A network's block covers no phone that is registered, and no address behind which phones are.
		${phoneOf(v4)} @trusted${family} return
		${homeOf(v4)} @known${family} return
${lengths.map((length) => `		jump ${networkChain(length, v4)}`).join('\n')}
	}

${chains.join('\n')}`;
}

/**
 * `update` gives a blocked source's element its time anew with every packet; an element without a timeout stays without. It counts
 * the packet as well, as a lookup would: the negated lookup before it does not, so each packet counts once. What stands in `brief` is not
 * prolonged: whoever forges a source's packets must not keep it out for as long as he likes.
 */
function renderBlock(chain: string, key: string, set: string, brief: string | null, policy: BlockPolicy): string {
  const briefly = brief === null ? '' : `\t\t${key} @${brief} ${key} @${set} counter drop\n`;
  const rules = policy.block.extend
    ? `		# The block lasts while the attack goes on: each packet starts its time anew.
		${key} != @${set} return
${briefly}		update @${set} { ${key} timeout ${nftTime(policy.block.durationMs)} } counter drop`
    : `		${key} @${set} counter drop`;
  return `	chain ${chain} {
${rules}
	}
`;
}
