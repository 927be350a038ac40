/** A short list with a bar behind each name: `<Bars label="Top sources" rows={[{ key, name, value, to }]} />`. A row may lead somewhere. */
import type { CSSProperties, ReactNode } from 'react';
import { Link } from 'react-router';
import { shortCount } from '../text/moments.ts';
import classes from './charts.module.css';

export interface BarRow {
  key: string;
  name: ReactNode;
  value: number;
  /** A page of this console. */
  to?: string;
}

export function Bars({ label, rows }: { label: string; rows: readonly BarRow[] }) {
  const largest = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <ol className={classes.bars} aria-label={label}>
      {rows.map(({ key, name, value, to }) => {
        const look = { className: classes.bar, style: { '--part': value / largest } as CSSProperties };
        const content = (
          <>
            <span className={classes.barName}>{name}</span>
            <span className="tabular">{shortCount(value)}</span>
          </>
        );
        return (
          <li key={key}>
            {to ? (
              <Link to={to} {...look}>
                {content}
              </Link>
            ) : (
              <div {...look}>{content}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
