/** Around a table that may be wider than the screen: it scrolls by itself, by keyboard too. `<WideTable label="…"><Table>…</Table></WideTable>` */
import type { ReactNode } from 'react';
import classes from './table.module.css';

interface WideTableProps {
  label: string;
  /** Pixels under which the columns do not shrink. */
  minWidth?: number;
  children: ReactNode;
}

export function WideTable({ label, minWidth = 640, children }: WideTableProps) {
  return (
    <div className={classes.wide} role="region" aria-label={`Table: ${label}`} tabIndex={0}>
      <div style={{ minWidth }}>{children}</div>
    </div>
  );
}
