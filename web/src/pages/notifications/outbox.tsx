/** What waits, and what became of the rest. */
import { Anchor, Badge, NativeSelect, Text } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { Link } from 'react-router';
import { usePages } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { useFilters } from '../../table/filters.ts';
import { duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { DELIVERY_STATES, type Delivery } from './channels.ts';
import { noticeWords } from './notice-words.ts';

const REFRESH_MS = 10_000;
const SHOWN = 50;

export function Outbox() {
  const [{ state }, setFilters] = useFilters(['state']);
  const chosen =
    state !== undefined && Object.hasOwn(DELIVERY_STATES, state) ? (state as Delivery['state']) : undefined;
  const filter = chosen ? { state: chosen } : {};
  const deliveries = usePages('/notify/deliveries', { query: { limit: SHOWN, ...filter } }, { everyMs: REFRESH_MS });
  return (
    <Section
      title="Outbox"
      text="Every message, the latest first. What could not be delivered is tried again for days."
      actions={
        <>
          <NativeSelect
            aria-label="State"
            value={chosen ?? ''}
            onChange={({ currentTarget }) => setFilters({ state: currentTarget.value })}
            data={[
              { value: '', label: 'All' },
              ...Object.entries(DELIVERY_STATES).map(([value, { name }]) => ({ value, label: name })),
            ]}
          />
          <CsvLink path="/notify/deliveries" query={filter} />
        </>
      }
    >
      <DataTable<Delivery>
        label="Outbox"
        pages={deliveries}
        rowKey={({ id }) => String(id)}
        columns={COLUMNS}
        empty={
          <Empty
            icon={IconInbox}
            title={chosen ? `Nothing is ${DELIVERY_STATES[chosen].name}` : 'Nothing was sent yet'}
            text="Messages about attacks, reports and trouble stand here, with what the other side said."
          />
        }
      />
    </Section>
  );
}

const COLUMNS: Column<Delivery>[] = [
  { title: 'Made', nowrap: true, cell: ({ at }) => <Time at={at} exact /> },
  {
    title: 'State',
    cell: ({ state, tries, nextInMs }) => (
      <>
        <Badge color={DELIVERY_STATES[state].color} miw="max-content">
          {DELIVERY_STATES[state].name}
        </Badge>
        {state === 'waiting' && (
          <Text size="xs" c="dimmed">
            {tries > 0 && `${tries} ${tries === 1 ? 'try' : 'tries'}, `}
            {nextInMs === null || nextInMs === 0 ? 'now' : `again in ${duration(nextInMs)}`}
          </Text>
        )}
      </>
    ),
  },
  { title: 'What', cell: ({ notice }) => <What of={notice} /> },
  {
    title: 'To',
    cell: ({ recipient, channel }) => (
      <>
        <Untrusted text={recipient} max={60} />
        {recipient !== channel && (
          <Text size="xs" c="dimmed">
            over <Untrusted text={channel} />
          </Text>
        )}
      </>
    ),
  },
  { title: 'Answer', cell: ({ answer, reason }) => <Untrusted text={answer ?? reason} max={160} /> },
];

function What({ of }: { of: string }) {
  const { text, to } = noticeWords(of);
  if (to === undefined) return <Untrusted text={text} max={60} />;
  return (
    <Anchor component={Link} to={to} size="sm">
      {text}
    </Anchor>
  );
}
