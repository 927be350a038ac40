/** Well or not, by colour, sign and word: `<Sign state="well" text="Complete" />`. */
import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';

const SIGNS = {
  well: { Icon: IconCircleCheck, color: 'teal' },
  worry: { Icon: IconAlertTriangle, color: 'yellow' },
  broken: { Icon: IconCircleX, color: 'red' },
} as const;

export function Sign({ state, text }: { state: keyof typeof SIGNS; text: string }) {
  const { Icon, color } = SIGNS[state];
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <Icon size={16} color={`var(--mantine-color-${color}-6)`} aria-hidden />
      <Text span size="sm" fw={500}>
        {text}
      </Text>
    </Group>
  );
}
