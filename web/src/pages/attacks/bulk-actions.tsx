/** What can be done about the sources of the selected attacks, all at once. */
import { Button } from '@mantine/core';
import * as acts from '../../source/acts.ts';
import { networkOf } from '../../source/network.ts';
import { usePerform } from '../../source/perform.tsx';
import { commentOf } from './source-menu.tsx';
import type { Incident } from './use-attack-log.ts';

const DAY_MS = 86_400_000;
const COMMENT = 'from the attack log';

export function BulkActions({ of, clear }: { of: readonly Incident[]; clear: () => void }) {
  const perform = usePerform();
  const sources = [...new Set(of.map(({ source }) => source))];
  const networks = [...new Set(sources.flatMap((source) => networkOf(source) ?? []))];
  const comment = of.length === 1 ? commentOf(of[0]) : COMMENT;
  const act = async (what: acts.Act<string>, targets: readonly string[]) => {
    if (await perform(what, targets)) clear();
  };
  return (
    <>
      <Button size="compact-sm" variant="light" onClick={() => void act(acts.block(DAY_MS, comment), sources)}>
        Block for 1 day
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        color="red"
        onClick={() => void act(acts.list('deny', comment), sources)}
      >
        Deny
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        color="red"
        onClick={() => void act(acts.list('deny', comment), networks)}
        title={networks.join(', ')}
      >
        {networks.length === 1 ? 'Deny the network' : `Deny ${networks.length} networks`}
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        color="teal"
        onClick={() => void act(acts.list('allow', comment), sources)}
      >
        Allow
      </Button>
    </>
  );
}
