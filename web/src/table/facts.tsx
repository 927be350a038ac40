/** Names and values under each other: `<Facts of={[['Since', <Time at={since} />], …]} />`. A row whose value is null is left out. */
import { Fragment, type ReactNode } from 'react';
import classes from './table.module.css';

export function Facts({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {of.map(([name, value]) =>
        value === null || value === undefined ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
