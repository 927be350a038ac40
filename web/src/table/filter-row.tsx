/** Fields that narrow a list: `<FilterRow><Select …/><TextInput …/></FilterRow>`; under each other on a phone. */
import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './table.module.css';

export function FilterRow({ children }: { children: ReactNode }) {
  return (
    <Group gap="xs" role="search" aria-label="Filters" className={classes.filters}>
      {children}
    </Group>
  );
}
