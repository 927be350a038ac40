/** “3 new” above a list that stands still (still-pages.ts). It floats over the gap, so that nothing moves when they come. */
import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import type { StillPages } from './still-pages.ts';
import classes from './table.module.css';

export function FreshRows<Row>({ of: { fresh, freshMore, showFresh } }: { of: StillPages<Row> }) {
  return (
    <div className={classes.fresh} aria-live="polite">
      {fresh > 0 && (
        <Button size="compact-sm" radius="xl" leftSection={<IconArrowUp size={14} />} onClick={showFresh}>
          {fresh}
          {freshMore && '+'} new
        </Button>
      )}
    </div>
  );
}
