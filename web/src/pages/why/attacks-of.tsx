/** Its attacks, the latest first; each leads to its messages. */
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { Section } from '../../shell/section.tsx';
import { ActionBadge, Kind } from '../../text/attack-words.tsx';
import { counted } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import type { Explanation } from './explanation.ts';

const SHOWN = 10;

export function AttacksOf({ of: { address, incidents } }: { of: Explanation }) {
  if (incidents.length === 0) return <Section title="Attacks">No attack of it is recorded.</Section>;
  return (
    <Section
      title="Attacks"
      actions={
        incidents.length > SHOWN && (
          <Anchor component={Link} to={`/attacks?source=${encodeURIComponent(address)}`} size="sm">
            All {incidents.length === 100 ? 'of them' : incidents.length}
          </Anchor>
        )
      }
    >
      <Stack gap={8}>
        {incidents.slice(0, SHOWN).map(({ id, kind, last, count, victim, action, closed }) => (
          <Group key={id} gap="sm">
            <ActionBadge of={action} />
            <Anchor component={Link} to={`/attacks/${encodeURIComponent(id)}`} size="sm">
              <Kind of={kind} />
            </Anchor>
            <Text size="sm" c="dimmed">
              against {victim}, {counted(count, 'message')}, <Time at={last} />
              {closed === null && ', goes on'}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
