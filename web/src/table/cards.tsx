/** The narrow shape of a DataTable: a card for each row, the first column is its title. */
import { Card, Checkbox, Group, Stack } from '@mantine/core';
import { Fragment } from 'react';
import type { DataTableProps, Selection } from './data-table.tsx';
import classes from './table.module.css';

export function Cards<Row>(props: DataTableProps<Row> & { selection?: Selection<Row> }) {
  const { label, pages, columns, rowKey, selection } = props;
  const [title, ...rest] = columns;
  return (
    <Stack gap="xs" component="ul" aria-label={label} className={classes.cards}>
      {pages.items.map((row) => (
        <Card key={rowKey(row)} component="li" p="sm">
          <Group justify="space-between" wrap="nowrap" align="flex-start" mb={6} fw={600}>
            <div className={classes.cardTitle}>{title.cell(row)}</div>
            {selection && (
              <Checkbox
                aria-label={`Select ${rowKey(row)}`}
                checked={selection.has(row)}
                onChange={({ currentTarget }) => selection.select(row, currentTarget.checked)}
              />
            )}
          </Group>
          <dl className={classes.facts}>
            {rest.map((column) => (
              <Fragment key={column.title}>
                <dt>{column.title}</dt>
                <dd>{column.cell(row)}</dd>
              </Fragment>
            ))}
          </dl>
        </Card>
      ))}
    </Stack>
  );
}
