/**
 * A list of the API: pages, selection for bulk actions, sorting where the API sorts, cards on a phone, an empty state that teaches.
 * `<DataTable label="Blocked addresses" pages={usePages('/blocks', …)} rowKey={(row) => row.address} columns={[…]} empty={<Empty …/>} />`
 */
import { Button, Card, Center, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import type { Pages } from '../api/hooks.ts';
import { ProblemAlert } from '../confirm/problem-alert.tsx';
import { count } from '../text/moments.ts';
import { Cards } from './cards.tsx';
import { Rows } from './rows.tsx';
import classes from './table.module.css';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  align?: 'right';
  /** CSS width; without it the content decides. */
  width?: number | string;
  /** One line, however narrow the table gets. */
  nowrap?: boolean;
  /** The API sorts by this; the header becomes a button. */
  sort?: string;
}

export interface Sort {
  by: string;
  descending: boolean;
}

export interface DataTableProps<Row> {
  /** What the list is, for screen readers. */
  label: string;
  pages: Pages<Row>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
  /** With it, rows can be selected; what to do with them. `clear` takes the selection away. */
  bulk?: (selected: Row[], clear: () => void) => ReactNode;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
}

/** Under this a table has no room: the first column becomes the title of a card. */
const PHONE = '(max-width: 48em)';
const SKELETON_ROWS = 6;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { pages, empty, bulk, rowKey, label } = props;
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  if (pages.loading) return <Waiting />;
  if (pages.error && pages.items.length === 0) return <ProblemAlert error={pages.error} again={pages.again} />;
  if (pages.items.length === 0) return <Card p={0}>{empty}</Card>;

  const chosen = pages.items.filter((row) => selected.has(rowKey(row)));
  const clear = () => setSelected(new Set());
  const select = (row: Row, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(rowKey(row));
    else next.delete(rowKey(row));
    setSelected(next);
  };
  const all = chosen.length === pages.items.length;
  const selection = bulk && {
    has: (row: Row) => selected.has(rowKey(row)),
    select,
    all: (
      <Checkbox
        size="xs"
        aria-label="Select all that are shown"
        checked={all}
        indeterminate={chosen.length > 0 && !all}
        onChange={() => setSelected(all ? new Set() : new Set(pages.items.map(rowKey)))}
      />
    ),
  };
  const Shape = phone ? Cards : Rows;
  return (
    <Stack gap="sm">
      {pages.error && <ProblemAlert error={pages.error} again={pages.again} />}
      <Shape {...props} selection={selection} />
      {bulk && chosen.length > 0 && (
        <Card p="xs" role="region" aria-label="Selected" className={classes.selected}>
          <Group gap="sm">
            <Text size="sm" fw={500}>
              {count(chosen.length)} selected
            </Text>
            {bulk(chosen, clear)}
            <Button variant="subtle" color="gray" size="compact-sm" onClick={clear}>
              Clear
            </Button>
          </Group>
        </Card>
      )}
      <Foot label={label} pages={pages} />
    </Stack>
  );
}

/** How a row is selected; without it there are no boxes. */
export interface Selection<Row> {
  has: (row: Row) => boolean;
  select: (row: Row, on: boolean) => void;
  all: ReactNode;
}

function Foot<Row>({ pages, label }: { pages: Pages<Row>; label: string }) {
  const { items, total, more, loadingMore } = pages;
  return (
    <Center>
      <Group gap="md">
        <Text size="xs" c="dimmed" className="tabular" aria-live="polite">
          {total === undefined ? `${count(items.length)} shown` : `${count(items.length)} of ${count(total)}`}
        </Text>
        {more && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={more}
            loading={loadingMore}
            aria-label={`Show more: ${label}`}
          >
            Show more
          </Button>
        )}
      </Group>
    </Center>
  );
}

function Waiting() {
  return (
    <Card p="sm" aria-busy aria-label="Loading">
      <Stack gap="sm">
        {Array.from({ length: SKELETON_ROWS }, (_, index) => (
          <Skeleton key={index} height={18} />
        ))}
      </Stack>
    </Card>
  );
}
