/** The columns of the blocks in force. The first one is the title of a card on a phone. */
import { Anchor, Badge, Stack, Text, Tooltip } from '@mantine/core';
import { Link } from 'react-router';
import type { Block } from '../../source/acts.ts';
import type { Column } from '../../table/data-table.tsx';
import { Address } from '../../text/address.tsx';
import { kindName } from '../../text/attack-words.tsx';
import { count } from '../../text/moments.ts';
import { TimeLeft } from '../../text/time-left.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';

const ORIGINS: Record<Block['origin'], { name: string; color: string; means: string }> = {
  automatic: { name: 'Automatic', color: 'accent', means: 'A verdict: an attack crossed a threshold.' },
  manual: { name: 'By hand', color: 'gray', means: 'A person made it.' },
  kernel: { name: 'From the kernel', color: 'yellow', means: 'The kernel held it when the guard started.' },
};

export const blockColumns: readonly Column<Block>[] = [
  { title: 'Target', cell: (block) => <Target of={block} /> },
  { title: 'Reason', cell: (block) => <Reason of={block} /> },
  { title: 'Origin', cell: ({ origin }) => <Origin of={origin} /> },
  { title: 'Dropped', align: 'right', cell: ({ dropped }) => count(dropped), nowrap: true },
  { title: 'Since', cell: ({ since }) => <Time at={since} />, nowrap: true },
  { title: 'Time left', cell: ({ until }) => <TimeLeft until={until} />, nowrap: true, width: 110 },
];

export const SCOPES: Record<Block['scope'], { name: string; means: string }> = {
  port: { name: 'One phone', means: 'Only what comes from this port: other phones at the address are not blocked.' },
  address: { name: 'Address', means: 'Everything that comes from the address.' },
  network: { name: 'Network', means: 'Every address of the prefix but those with registered phones.' },
};

/** What it covers; an address says so by itself. */
function Target({ of: { target, address, scope } }: { of: Block }) {
  if (scope === 'address') return <Address of={address} />;
  const { name, means } = SCOPES[scope];
  return (
    <Stack gap={2} align="flex-start">
      {scope === 'port' ? <Address of={address} /> : <Text span>{target}</Text>}
      <Tooltip label={means}>
        <Badge variant="light" color="gray" miw="max-content">
          {scope === 'port' ? `${name}: ${target.slice(target.lastIndexOf(':') + 1)}` : name}
        </Badge>
      </Tooltip>
    </Stack>
  );
}

/** Which attack, leading to it; and the rule, or what a person wrote. */
function Reason({ of: { finding, incident, reason } }: { of: Block }) {
  const kind = finding === null ? null : kindName(finding.split('.')[0]);
  return (
    <Stack gap={0} maw={420}>
      {kind &&
        (incident === null ? (
          kind
        ) : (
          <Anchor component={Link} to={`/attacks/${encodeURIComponent(incident)}`} inherit>
            {kind}
          </Anchor>
        ))}
      <Text span fz={kind ? 'xs' : 'sm'} c={kind ? 'dimmed' : undefined}>
        <Untrusted text={reason} max={120} />
      </Text>
    </Stack>
  );
}

function Origin({ of }: { of: Block['origin'] }) {
  const { name, color, means } = ORIGINS[of];
  return (
    <Tooltip label={means}>
      <Badge color={color} miw="max-content">
        {name}
      </Badge>
    </Tooltip>
  );
}
