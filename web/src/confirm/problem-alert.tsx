/** What went wrong, in place: `<ProblemAlert error={error} again={refetch} />`. Says what can be done. */
import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ApiError } from '../api/problem.ts';
import { Hint } from '../text/hint.tsx';
import { Untrusted } from '../text/untrusted.tsx';

export function ProblemAlert({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
      {error.message.split('\n').map((line, index) => (
        <Text key={index} size="sm">
          <Untrusted text={line} />
        </Text>
      ))}
      {error.hint && (
        <Text size="sm" mt={4} c="dimmed">
          <Hint text={error.hint} />
        </Text>
      )}
      {again && (
        <Button mt="xs" size="compact-sm" variant="light" color="red" onClick={again}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
