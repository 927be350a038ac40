/** What the daemon says before it wants a yes: a sentence, and then whom it concerns, one line each. */
import { List, Stack, Text } from '@mantine/core';
import { Untrusted } from '../text/untrusted.tsx';

/** More lines than that nobody reads. */
const TOLD_MAX = 20;

export function ToldLines({ lines }: { lines: readonly string[] }) {
  const [first, ...rest] = [...new Set(lines.map((line) => line.trim()))];
  return (
    <Stack gap="xs">
      <Text size="sm">
        <Untrusted text={first} />
      </Text>
      {rest.length > 0 && (
        <List size="sm">
          {rest.slice(0, TOLD_MAX).map((line) => (
            <List.Item key={line}>
              <Untrusted text={line} />
            </List.Item>
          ))}
          {rest.length > TOLD_MAX && <List.Item>… and {rest.length - TOLD_MAX} more</List.Item>}
        </List>
      )}
    </Stack>
  );
}
