/** The attack log: filters in the address, live rows that do not jump, what can be done about the sources. */
import { Button, Code, Group, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useGet } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { StillTable } from '../../table/still-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { useFilters } from '../../table/filters.ts';
import { exactTime } from '../../text/moments.ts';
import { attackColumns } from './attack-columns.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FILTER_NAMES, isFiltered, type AttackFilters } from './filters.ts';
import { SavedViews } from './saved-views.tsx';
import { SourceMenu } from './source-menu.tsx';
import { useAttackLog, type AttackLog, type Incident } from './use-attack-log.ts';

const columns = [
  ...attackColumns,
  { title: 'Actions', cell: (incident: Incident) => <SourceMenu of={incident} />, width: 64 },
];

export function AttacksPage() {
  const [filters, setFilters] = useFilters(FILTER_NAMES);
  const log = useAttackLog(filters);
  const may = useMay('act');
  const clear = () => setFilters(Object.fromEntries(FILTER_NAMES.map((name) => [name, ''])));
  return (
    <Page
      title="Attacks"
      text="Who attacked whom with what, and what was done; the one with the latest message first."
      actions={
        <>
          <SavedViews filters={filters} />
          <CsvLink path="/attacks" query={log.query} />
        </>
      }
    >
      <FilterBar filters={filters} onChange={setFilters} />
      <StillTable
        label="Attacks"
        pages={log}
        columns={columns}
        rowKey={({ id }) => id}
        bulk={may ? (rows, done) => <BulkActions of={rows} clear={done} /> : undefined}
        empty={<Nothing log={log} filters={filters} clear={clear} />}
      />
      {log.items.length > 0 && log.searchedTo !== null && (
        <Text size="xs" c="dimmed" ta="center" mt={-8} className="tabular" aria-live="polite">
          Looked back to {exactTime(log.searchedTo)}
        </Text>
      )}
    </Page>
  );
}

/** Of no use to somebody on another machine. */
const OWN_ONLY = /^(127\.|::1$|fe80:)/;

function Nothing({ log, filters, clear }: { log: AttackLog; filters: AttackFilters; clear: () => void }) {
  const { data: status } = useGet('/status');
  const target = status?.protects?.addresses.find((address) => !OWN_ONLY.test(address)) ?? 'ADDRESS';
  if (isFiltered(filters)) {
    return (
      <Empty
        title="No attack fits these filters"
        text={
          log.searchedTo === null
            ? 'Look at a longer time, or take a filter away.'
            : `Looked back to ${exactTime(log.searchedTo)} so far.`
        }
        action={
          <Group mt="xs">
            {log.more && (
              <Button onClick={log.more} loading={log.loadingMore}>
                Search further back
              </Button>
            )}
            <Button variant="default" onClick={clear}>
              Clear the filters
            </Button>
          </Group>
        }
      />
    );
  }
  return (
    <Empty
      icon={IconShieldCheck}
      title="No attack yet"
      text={
        <>
          <Text size="sm">
            Attacks on the protected ports appear here as they happen. To see one, let a scanner try this machine from
            another one; it will be blocked:
          </Text>
          <Code block mt="xs">
            svmap {target}
          </Code>
        </>
      }
    />
  );
}
