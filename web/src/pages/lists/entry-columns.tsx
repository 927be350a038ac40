/** The columns of a list. The first one is the title of a card on a phone. */
import { Badge, Group, Text, Tooltip } from '@mantine/core';
import { count } from '../../text/moments.ts';
import type { Column } from '../../table/data-table.tsx';
import { Address } from '../../text/address.tsx';
import { TimeLeft } from '../../text/time-left.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Entry } from './entry-acts.ts';

const ONE_ADDRESS = /^[0-9a-f:.]+$/i;

export const entryColumns: readonly Column<Entry>[] = [
  { title: 'Address', cell: (entry) => <Range of={entry} /> },
  {
    title: 'Comment',
    cell: ({ comment }) => (
      <Text span inherit maw={420}>
        <Untrusted text={comment} max={160} />
      </Text>
    ),
  },
  { title: 'Overlaps', cell: (entry) => <Overlaps of={entry} /> },
  { title: 'Added by', cell: ({ addedBy }) => <Untrusted text={addedBy} max={40} />, nowrap: true },
  { title: 'Added', cell: ({ addedAt }) => <Time at={addedAt} />, nowrap: true },
  { title: 'Ends', cell: ({ until }) => (until === null ? 'never' : <TimeLeft until={until} />), nowrap: true },
];

function Range({ of: { range, automatic } }: { of: Entry }) {
  return (
    <Group gap={8}>
      {ONE_ADDRESS.test(range) ? <Address of={range} /> : <span className="tabular">{range}</span>}
      {automatic && (
        <Tooltip label="Blocked so often that the block became permanent">
          <Badge color="accent">by itself</Badge>
        </Tooltip>
      )}
    </Group>
  );
}

function Overlaps({ of: { overlaps } }: { of: Entry }) {
  if (overlaps.length === 0) return null;
  const told = overlaps.map(({ list, range }) => `${range} (${list}list)`).join(', ');
  return (
    <Tooltip label={`Shares addresses with ${told}`} multiline maw={360}>
      <Badge color="yellow" tabIndex={0} aria-label={`Shares addresses with ${told}`}>
        {overlaps.length === 1 ? overlaps[0].range : `${count(overlaps.length)} entries`}
      </Badge>
    </Tooltip>
  );
}
