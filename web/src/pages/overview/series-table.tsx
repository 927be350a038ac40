/** The numbers of the chart, the latest step first. */
import { Table } from '@mantine/core';
import { count } from '../../text/moments.ts';
import { kindTitle } from './kind-title.ts';
import classes from './overview.module.css';
import type { KindSeries } from './series.ts';

export interface SeriesTableProps {
  label: string;
  steps: readonly { at: number; long: string }[];
  kinds: readonly KindSeries[];
}

export function SeriesTable({ label, steps, kinds }: SeriesTableProps) {
  const rows = steps.map((step, index) => ({ ...step, index })).reverse();
  return (
    <div className={classes.seriesTable} tabIndex={0} role="region" aria-label={label}>
      <Table stickyHeader aria-label={label} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Time</Table.Th>
            {kinds.map(({ kind }) => (
              <Table.Th key={kind} ta="right">
                {kindTitle(kind)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ at, long, index }) => (
            <Table.Tr key={at}>
              <Table.Th scope="row" fw={400} className={classes.nowrap}>
                {long}
              </Table.Th>
              {kinds.map(({ kind, values }) => (
                <Table.Td key={kind} ta="right">
                  {count(values[index])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
