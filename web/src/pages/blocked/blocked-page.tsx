/** Who is blocked now, until when, and what can be done about it. */
import { Button, Card, Code, Select, SimpleGrid, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBan, IconShieldCheck } from '@tabler/icons-react';
import { useLiveEvent } from '../../api/live.tsx';
import { useMay } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import type { Block } from '../../source/acts.ts';
import { CsvLink } from '../../table/csv-link.tsx';
import type { Column } from '../../table/data-table.tsx';
import { StillTable } from '../../table/still-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { useFilters } from '../../table/filters.ts';
import { useStillPages } from '../../table/still-pages.ts';
import { TypedFilter } from '../../table/typed-filter.tsx';
import { BlockMenu, BulkActions } from './block-actions.tsx';
import { blockColumns, SCOPES } from './block-columns.tsx';
import { BlockForm } from './block-form.tsx';

/** Counts of dropped packets are not on the live stream. */
const COUNTS_MS = 5000;

const ACTIONS: Column<Block> = { title: 'Actions', cell: (block) => <BlockMenu of={block} />, width: 64 };

export function BlockedPage() {
  const may = useMay('act');
  const [filters, setFilters] = useFilters(['text', 'source', 'scope', 'origin', 'permanent']);
  const [form, { open, close }] = useDisclosure();
  const blocks = useStillPages('/blocks', filters, { keyOf: ({ target }) => target, everyMs: COUNTS_MS });
  useLiveEvent('block', (block) => blocks.change(block.target, block));
  useLiveEvent('unblock', ({ target }) => blocks.change(target, null));
  const filtered = Object.keys(filters).length > 0;
  return (
    <Page
      title="Blocked"
      text={`Addresses, single phones and networks whose packets the kernel drops now, the newest first. ${may ? '' : 'Your role is viewer: you may look, not change.'}`}
      actions={
        <>
          <CsvLink path="/blocks" query={filters} />
          {may && (
            <Button color="red" variant="light" leftSection={<IconBan size={15} />} onClick={open}>
              Block an address
            </Button>
          )}
        </>
      }
    >
      <Card p="sm" component="search" aria-label="Filters of the blocks">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="xs" verticalSpacing="xs">
          <TypedFilter
            label="Search"
            placeholder="Target or reason"
            value={filters.text}
            onChange={(text) => setFilters({ text })}
          />
          <TypedFilter
            label="Network"
            placeholder="203.0.113.0/24"
            value={filters.source}
            onChange={(source) => setFilters({ source })}
          />
          <Select
            size="xs"
            label="Covers"
            data={[
              { value: '', label: 'Anything' },
              ...Object.entries(SCOPES).map(([value, { name }]) => ({ value, label: name })),
            ]}
            value={filters.scope ?? ''}
            onChange={(scope) => setFilters({ scope: scope ?? '' })}
          />
          <Select
            size="xs"
            label="Origin"
            data={[
              { value: '', label: 'Any' },
              { value: 'automatic', label: 'Automatic' },
              { value: 'manual', label: 'By hand' },
              { value: 'kernel', label: 'From the kernel' },
            ]}
            value={filters.origin ?? ''}
            onChange={(origin) => setFilters({ origin: origin ?? '' })}
          />
          <Select
            size="xs"
            label="Length"
            data={[
              { value: '', label: 'Any' },
              { value: 'false', label: 'For a time' },
              { value: 'true', label: 'For good' },
            ]}
            value={filters.permanent ?? ''}
            onChange={(permanent) => setFilters({ permanent: permanent ?? '' })}
          />
        </SimpleGrid>
      </Card>
      <StillTable
        label="Blocks"
        pages={blocks}
        columns={may ? [...blockColumns, ACTIONS] : blockColumns}
        rowKey={({ target }) => target}
        bulk={may ? (rows, clear) => <BulkActions of={rows} clear={clear} /> : undefined}
        empty={
          filtered ? (
            <NoneFits clear={() => setFilters({ text: '', source: '', scope: '', origin: '', permanent: '' })} />
          ) : (
            <Nobody />
          )
        }
      />
      <BlockForm opened={form} onClose={close} />
    </Page>
  );
}

function NoneFits({ clear }: { clear: () => void }) {
  return (
    <Empty
      title="No block fits these filters"
      text="A block that ended is not here any more; the page of its address tells about it."
      action={
        <Button variant="default" mt="xs" onClick={clear}>
          Clear the filters
        </Button>
      }
    />
  );
}

function Nobody() {
  return (
    <Empty
      icon={IconShieldCheck}
      title="Nobody is blocked"
      text={
        <>
          <Text size="sm">
            A source that crosses a threshold is blocked by itself and stands here until the block ends. To see one for
            a minute, block an address that is only for documentation:
          </Text>
          <Code block mt="xs">
            ringfence block 192.0.2.1 --for 1m
          </Code>
        </>
      }
    />
  );
}
