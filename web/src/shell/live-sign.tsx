/** Whether the page follows what happens. On a phone only when it does not. */
import { Text, Tooltip } from '@mantine/core';
import { useLive } from '../api/live.tsx';

export function LiveSign() {
  const state = useLive();
  if (state === 'connecting') return null;
  const live = state === 'live';
  return (
    <Tooltip label={live ? 'This page follows what happens.' : 'The stream broke: this page asks every few seconds.'}>
      <Text
        size="xs"
        c={live ? 'dimmed' : 'var(--mantine-color-yellow-light-color)'}
        visibleFrom={live ? 'sm' : undefined}
        role="status"
      >
        {live ? 'Live' : 'Reconnecting…'}
      </Text>
    </Tooltip>
  );
}
