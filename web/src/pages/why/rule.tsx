/** The verdict behind it: which rule, what was counted against which threshold, when, against whom. */
import { Code } from '@mantine/core';
import type { components } from '../../api/schema.d.ts';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { ActionBadge, Kind } from '../../text/attack-words.tsx';
import { count, duration, exactTime } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';

export function Rule({ verdict }: { verdict: components['schemas']['Verdict'] }) {
  const { at, action, kind, finding, threshold, windowMs, victim, victimPort, transport, blocksBefore } = verdict;
  return (
    <Section title="The verdict" text="What the detector found, and what was decided.">
      <Facts
        of={[
          ['Decided', <ActionBadge of={action} />],
          [
            'When',
            <>
              {exactTime(at)} (<Time at={at} />)
            </>,
          ],
          ['Attack', <Kind of={kind} />],
          ['Rule', <Code>{finding}</Code>],
          ['Counted', `${count(verdict.count)} in ${duration(windowMs)}; the threshold is ${count(threshold)}`],
          ['Against', `${victim}, port ${victimPort}, ${transport.toUpperCase()}`],
          ['Blocks before', count(blocksBefore)],
        ]}
      />
    </Section>
  );
}
