/** What happens to its packets now, in a word, in a sentence, until when; and what the reader can do. */
import { Anchor, Badge, Card, Code, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { exactTime } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { Actions } from './actions.tsx';
import type { Explanation } from './explanation.ts';
import classes from './why.module.css';

const NOW: Record<Explanation['now'], { name: string; color: string }> = {
  allow: { name: 'Always allowed', color: 'teal' },
  pass: { name: 'Not blocked', color: 'teal' },
  watch: { name: 'Watched, not blocked', color: 'blue' },
  limit: { name: 'Limited', color: 'yellow' },
  block: { name: 'Blocked', color: 'red' },
  deny: { name: 'Blocked for good', color: 'red' },
};

export function Decision({ of }: { of: Explanation }) {
  const { now, because, reason, until, verdict, block } = of;
  const { name, color } = NOW[now];
  const mayAct = useMay('act');
  const evidence = block?.incident ?? verdict?.incident ?? null;
  return (
    <Card p="lg" className={classes.decision} style={{ '--stripe': `var(--mantine-color-${color}-6)` }}>
      <Stack gap="sm">
        <Group gap="sm">
          <Badge size="lg" color={color} variant="light" fw={600}>
            {name}
          </Badge>
          {until !== null && (
            <Text size="sm">
              until {exactTime(until)} (<Time at={until} />)
            </Text>
          )}
        </Group>
        <Text maw={760}>
          <Untrusted text={because} max={2000} />
        </Text>
        <Group gap="md">
          {reason !== null && (
            <Text size="sm" c="dimmed">
              Reason{' '}
              <Code>
                <Untrusted text={reason} />
              </Code>
            </Text>
          )}
          {evidence !== null && (
            <Anchor component={Link} to={`/attacks/${encodeURIComponent(evidence)}`} size="sm">
              The attack and its messages
            </Anchor>
          )}
        </Group>
        {mayAct ? (
          <Actions of={of} />
        ) : (
          <Text size="sm" c="dimmed">
            Blocks and lists are changed by administrators.
          </Text>
        )}
      </Stack>
    </Card>
  );
}
