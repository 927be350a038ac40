/** A DataTable of a list that stands still: “3 new” above it, and rows of the filters before are faded until the new ones are there. */
import { DataTable, type DataTableProps } from './data-table.tsx';
import { FreshRows } from './fresh-rows.tsx';
import type { StillPages } from './still-pages.ts';
import classes from './table.module.css';

export function StillTable<Row>(props: DataTableProps<Row> & { pages: StillPages<Row> }) {
  const { pages } = props;
  return (
    <>
      <FreshRows of={pages} />
      <div className={pages.settling ? classes.settling : undefined} aria-busy={pages.settling}>
        <DataTable {...props} />
      </div>
    </>
  );
}
