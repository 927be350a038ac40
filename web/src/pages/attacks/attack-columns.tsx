/** The columns of the attack log. The first one is the title of a card on a phone. */
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Column } from '../../table/data-table.tsx';
import { Address } from '../../text/address.tsx';
import { ActionBadge, kindName } from '../../text/attack-words.tsx';
import { Country } from '../../text/country.tsx';
import { counted, shortCount } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import classes from './attacks.module.css';
import type { Incident } from './use-attack-log.ts';

const TRIED_CHARS = 40;

export function attackPath(id: string): string {
  return `/attacks/${encodeURIComponent(id)}`;
}

export const attackColumns: readonly Column<Incident>[] = [
  {
    title: 'Attack',
    cell: ({ id, kind, count: seen }) => (
      <Stack gap={0}>
        <Anchor component={Link} to={attackPath(id)} inherit>
          {kindName(kind)}
        </Anchor>
        <Text span fz="xs" c="dimmed" fw={400}>
          {counted(seen, 'message')}
        </Text>
      </Stack>
    ),
    nowrap: true,
  },
  {
    title: 'Source',
    cell: ({ source, country, network }) => (
      <Stack gap={0}>
        <Address of={source} />
        <Group gap={6} fz="xs" c="dimmed" wrap="nowrap" className={classes.place}>
          <Country code={country} nameless />
          {network && (
            <Text span truncate maw={125} fz="xs">
              <Untrusted text={network} max={TRIED_CHARS} />
            </Text>
          )}
        </Group>
      </Stack>
    ),
  },
  { title: 'Victim', cell: ({ victim }) => victim },
  { title: 'Tried', cell: (incident) => <Tried incident={incident} /> },
  {
    title: 'Action',
    cell: ({ action, dropped }) => (
      <Stack gap={1} align="flex-start">
        <ActionBadge of={action} />
        {dropped > 0 && (
          <Text span fz="xs" c="dimmed">
            {shortCount(dropped)} dropped
          </Text>
        )}
      </Stack>
    ),
    nowrap: true,
  },
  {
    title: 'Last',
    cell: ({ last, closed }) => <Last at={last} open={closed === null} />,
    nowrap: true,
  },
];

function Last({ at, open }: { at: number; open: boolean }) {
  return (
    <Stack gap={0}>
      <Time at={at} />
      {open && (
        <Text span fz="xs" className={classes.open}>
          going on
        </Text>
      )}
    </Stack>
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
        <Text span fz="xs" c="dimmed" truncate maw={150}>
          <Untrusted text={userAgent} max={TRIED_CHARS} />
        </Text>
      )}
    </Stack>
  );
}
