/** Everything that others have in the kernel's tables, as they wrote it: to see that it stays so. */
import type { Network } from '../network.ts';
import { run } from '../process.ts';

/** Ours, and the lab's own counting of what reached the PBX. */
const NOT_FOREIGN = ['ringfence', 'lab-reached'];
/** Counts go up, and what is loaded again gets other handles. */
const NOT_WRITTEN = new Set(['handle', 'packets', 'bytes']);

interface Entry {
  [kind: string]: { table?: string; name?: string } | undefined;
}

export async function foreignRules(network: Network): Promise<string[]> {
  const namespace = network.namespace('pbx');
  const listed = await run(['nft', '--json', 'list', 'ruleset'], { namespace });
  const { nftables } = JSON.parse(listed.stdout) as { nftables: Entry[] };
  const rules = nftables
    .filter((entry) => entry.metainfo === undefined)
    .filter((entry) => !NOT_FOREIGN.includes(String(entry.table?.name ?? Object.values(entry)[0]?.table)))
    .map((entry) => JSON.stringify(entry, (key, value: unknown) => (NOT_WRITTEN.has(key) ? undefined : value)));
  for (const program of ['iptables-legacy-save', 'ip6tables-legacy-save']) {
    const { stdout } = await run([program], { namespace, mayFail: true });
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    rules.push(...lines.map((line) => line.replace(/\[\d+:\d+\]/, '')));
  }
  return rules;
}
