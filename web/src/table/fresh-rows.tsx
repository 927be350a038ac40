/** “3 new” above a list that stands still (still-pages.ts). It takes its room at all times, so that nothing moves when they come. */
import { Button, Center } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import type { StillPages } from './still-pages.ts';

export function FreshRows<Row>({ of: { fresh, freshMore, showFresh } }: { of: StillPages<Row> }) {
  return (
    <Center h={26} my={-10} aria-live="polite">
      {fresh > 0 && (
        <Button
          size="compact-sm"
          radius="xl"
          variant="light"
          leftSection={<IconArrowUp size={14} />}
          onClick={showFresh}
        >
          {fresh}
          {freshMore && '+'} new
        </Button>
      )}
    </Center>
  );
}
