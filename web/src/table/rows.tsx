/** The wide shape of a DataTable. */
import { Card, Checkbox, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import type { Column, DataTableProps, Selection, Sort } from './data-table.tsx';
import { WideTable } from './wide-table.tsx';
import classes from './table.module.css';

export function Rows<Row>(props: DataTableProps<Row> & { selection?: Selection<Row> }) {
  const { label, pages, columns, rowKey, selection, sort, onSort } = props;
  return (
    <Card p={0} className={classes.frame}>
      <WideTable label={label}>
        <Table aria-label={label} highlightOnHover className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              {selection && <Table.Th w={36}>{selection.all}</Table.Th>}
              {columns.map((column) => (
                <Head key={column.title} column={column} sort={sort} onSort={onSort} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pages.items.map((row) => (
              <Table.Tr key={rowKey(row)} data-selected={selection?.has(row) || undefined}>
                {selection && (
                  <Table.Td>
                    <Checkbox
                      size="xs"
                      aria-label={`Select ${rowKey(row)}`}
                      checked={selection.has(row)}
                      onChange={({ currentTarget }) => selection.select(row, currentTarget.checked)}
                    />
                  </Table.Td>
                )}
                {columns.map(({ title, cell, align, nowrap }) => (
                  <Table.Td key={title} ta={align} className={nowrap ? classes.nowrap : undefined}>
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Card>
  );
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const { title, align, width } = column;
  if (!column.sort || !onSort) {
    return (
      <Table.Th w={width} ta={align}>
        {title}
      </Table.Th>
    );
  }
  const mine = sort?.by === column.sort;
  const Arrow = !mine ? IconArrowsSort : sort.descending ? IconArrowDown : IconArrowUp;
  const next = { by: column.sort, descending: mine ? !sort.descending : true };
  return (
    <Table.Th w={width} ta={align} aria-sort={!mine ? 'none' : sort.descending ? 'descending' : 'ascending'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(next)}>
        {title}
        <Arrow size={13} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}
