/** What is wrong and what to do: the problems of the status. */
import { Box, Stack, Text } from '@mantine/core';
import { Hint } from '../text/hint.tsx';
import { Untrusted } from '../text/untrusted.tsx';

export interface TroubleRow {
  code: string;
  text: string;
  hint: string | null;
}

export function Problems({ of }: { of: readonly TroubleRow[] }) {
  if (of.length === 0) return null;
  return (
    <Stack gap="xs">
      {of.map(({ code, text, hint }) => (
        <Box key={code + text}>
          <Text size="sm" fw={500}>
            <Untrusted text={text} />
          </Text>
          {hint && (
            <Text size="sm" c="dimmed">
              <Hint text={hint} />
            </Text>
          )}
        </Box>
      ))}
    </Stack>
  );
}
