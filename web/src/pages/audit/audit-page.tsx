/** Who changed what, from where, before and after. */
import { Select } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { usePages, type Item } from '../../api/hooks.ts';
import { Page } from '../../shell/page.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { TextButton } from '../../table/text-button.tsx';
import { FilterRow } from '../../table/filter-row.tsx';
import { TypedFilter } from '../../table/typed-filter.tsx';
import { useFilters } from '../../table/filters.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { ChangeDetail, changeInShort } from './change-detail.tsx';
import { WHAT_GROUPS, whatInWords } from './what-words.ts';

type Entry = Item<'/audit'>;

const DAY = 86_400_000;
const PERIODS = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
];

export function AuditPage() {
  const [{ what, days, who, text }, setFilters] = useFilters(['what', 'days', 'who', 'text']);
  const [shown, setShown] = useState<Entry | null>(null);
  // Once for each choice: a moment that moves would ask anew with every drawing.
  const since = useMemo(() => (days ? Date.now() - Number(days) * DAY : undefined), [days]);
  const query = { what, who, text, since };
  const entries = usePages('/audit', { query });
  return (
    <Page
      title="Audit"
      text="Every change that a person or a program made here, and what was there before."
      actions={<CsvLink path="/audit" query={query} />}
    >
      <FilterRow>
        <TypedFilter
          label="Subject or comment"
          placeholder="203.0.113.66"
          value={text}
          onChange={(value) => setFilters({ text: value })}
        />
        <TypedFilter label="Who" placeholder="anna" value={who} onChange={(value) => setFilters({ who: value })} />
        <Select
          size="xs"
          label="Kind of change"
          value={what ?? ''}
          data={[{ value: '', label: 'All changes' }, ...WHAT_GROUPS]}
          onChange={(value) => setFilters({ what: value ?? '' })}
        />
        <Select
          size="xs"
          label="Period"
          value={days ?? ''}
          data={PERIODS}
          onChange={(value) => setFilters({ days: value ?? '' })}
        />
      </FilterRow>
      <DataTable
        label="Changes"
        pages={entries}
        rowKey={({ at, who, what, subject }) => `${at} ${who} ${what} ${subject}`}
        empty={
          <Empty
            icon={IconHistory}
            title="No change is recorded"
            text={
              what || days || who || text
                ? 'None that these filters let through.'
                : 'Blocks, lists, policy, users: each change leaves a line here.'
            }
          />
        }
        columns={[
          { title: 'What', cell: (entry) => <What of={entry} onOpen={() => setShown(entry)} /> },
          { title: 'When', width: 160, nowrap: true, cell: ({ at }) => <Time at={at} exact /> },
          { title: 'Who', cell: ({ who }) => <Untrusted text={who} max={60} /> },
          {
            title: 'From',
            nowrap: true,
            cell: ({ origin }) => <Untrusted text={origin === '' ? 'the daemon' : origin} max={80} />,
          },
          { title: 'Change', cell: (entry) => <Untrusted text={changeInShort(entry)} max={160} /> },
        ]}
      />
      <ChangeDetail entry={shown} onClose={() => setShown(null)} />
    </Page>
  );
}

function What({ of, onOpen }: { of: Entry; onOpen: () => void }) {
  return (
    <TextButton onClick={onOpen}>
      {whatInWords(of.what)}: <Untrusted text={of.subject} max={80} />
    </TextButton>
  );
}
