/** Where nothing is: `<Empty title="Nobody is blocked" text="…what fills this list…" action={<Button …/>} />`. Teaches what to do next. */
import { Stack, Text } from '@mantine/core';
import { IconCircleDashed, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export interface EmptyProps {
  title: string;
  text: ReactNode;
  icon?: Icon;
  action?: ReactNode;
}

export function Empty({ title, text, icon: Sign = IconCircleDashed, action }: EmptyProps) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <Sign size={32} stroke={1.3} color="var(--mantine-color-dimmed)" aria-hidden />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={460} component="div">
        {text}
      </Text>
      {action}
    </Stack>
  );
}
