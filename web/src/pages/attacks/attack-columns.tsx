/** The columns of the attack log. The first one is the title of a card on a phone. */
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Column } from '../../table/data-table.tsx';
import { Address } from '../../text/address.tsx';
import { ActionBadge, kindName } from '../../text/attack-words.tsx';
import { Country } from '../../text/country.tsx';
import { count, counted } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Incident } from './use-attack-log.ts';

const TRIED_CHARS = 40;

export function attackPath(id: string): string {
  return `/attacks/${encodeURIComponent(id)}`;
}

export const attackColumns: readonly Column<Incident>[] = [
  {
    title: 'Attack',
    cell: ({ id, kind, closed }) => (
      <Group gap={8}>
        <Anchor component={Link} to={attackPath(id)} inherit>
          {kindName(kind)}
        </Anchor>
        {closed === null && (
          <Badge color="red" size="sm" variant="dot">
            going on
          </Badge>
        )}
      </Group>
    ),
  },
  {
    title: 'Source',
    cell: ({ source, country, network }) => (
      <Stack gap={0}>
        <Address of={source} />
        <Group gap={6} fz="xs" c="dimmed" wrap="nowrap">
          <Country code={country} nameless />
          {network && (
            <Text span truncate maw={150} fz="xs">
              <Untrusted text={network} max={TRIED_CHARS} />
            </Text>
          )}
        </Group>
      </Stack>
    ),
  },
  { title: 'Victim', cell: ({ victim, victimPort }) => <Peer address={victim} port={victimPort} /> },
  { title: 'Action', cell: ({ action }) => <ActionBadge of={action} /> },
  { title: 'Tried', cell: (incident) => <Tried incident={incident} /> },
  { title: 'Seen', align: 'right', cell: (incident) => count(incident.count), nowrap: true },
  { title: 'Dropped', align: 'right', cell: ({ dropped }) => count(dropped), nowrap: true },
  { title: 'Last', cell: ({ last }) => <Time at={last} />, nowrap: true },
];

/** An address with its port in small: `198.51.100.10 :5060`. */
export function Peer({ address, port }: { address: string; port: number }) {
  return (
    <span>
      {address}{' '}
      <Text span c="dimmed" fz="xs" title={`Port ${port}`}>
        :{port}
      </Text>
    </span>
  );
}

/** With which tool, and for whom or what. */
function Tried({ incident: { users, usersTotal, files, userAgent } }: { incident: Incident }) {
  const what =
    usersTotal === 1 ? (
      <>
        user <Untrusted text={users[0] ?? ''} max={TRIED_CHARS} />
      </>
    ) : usersTotal > 1 ? (
      counted(usersTotal, 'user')
    ) : files.length > 0 ? (
      counted(files.length, 'file')
    ) : null;
  if (what === null && userAgent === null)
    return (
      <Text span c="dimmed">
        –
      </Text>
    );
  return (
    <Stack gap={0}>
      <span>{what}</span>
      {userAgent !== null && (
        <Text span fz="xs" c="dimmed" truncate maw={220}>
          <Untrusted text={userAgent} max={TRIED_CHARS} />
        </Text>
      )}
    </Stack>
  );
}
