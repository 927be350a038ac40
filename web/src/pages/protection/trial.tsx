/** What a changed policy would have done to the attacks of the last week: asked when somebody wants to know, because it takes seconds. */
import { Button, Group, List, Stack, Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { ask, type Answer } from '../../api/client.ts';
import type { ApiError } from '../../api/problem.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Address } from '../../text/address.tsx';
import { count, counted } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Change } from './draft.ts';

type Result = Answer<'/policy/try', 'post'>;
type SourceTrial = Result['newlyBlocked'][number];

const DAYS = 7;
const DAY_MS = 86_400_000;
const NAMED_MAX = 8;

export function Trial({ changes, text }: { changes?: readonly Change[]; text?: string }) {
  const trial = useMutation<Result, ApiError>({
    mutationFn: () =>
      ask('post', '/policy/try', {
        body: {
          ...(text === undefined ? { changes: [...(changes ?? [])] } : { text }),
          since: Date.now() - DAYS * DAY_MS,
        },
      }),
  });
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button
          variant="light"
          leftSection={<IconFlask size={15} />}
          loading={trial.isPending}
          onClick={() => trial.mutate()}
        >
          What would this have blocked last week?
        </Button>
        {trial.data && (
          <Text size="sm" c="dimmed" role="status">
            {trial.data.attacks === 0
              ? 'No attack was recorded in this week: nothing to try it on.'
              : `${counted(trial.data.attacks, 'recorded attack')} looked at`}
          </Text>
        )}
      </Group>
      {trial.error && <ProblemAlert error={trial.error} />}
      {trial.data && trial.data.attacks > 0 && <Outcome of={trial.data} />}
    </Stack>
  );
}

function Outcome({ of: { newlyBlocked, noLongerBlocked, cannotTell, unchanged, limits } }: { of: Result }) {
  return (
    <Stack gap={6}>
      <Sources title="Would be blocked, and are not today" of={newlyBlocked} by="changed" />
      <Sources title="Would not be blocked any more" of={noLongerBlocked} by="changed" />
      <Sources title="Cannot be told" of={cannotTell} by="changed" />
      <Text size="sm">{counted(unchanged, 'source fares', 'sources fare')} as today.</Text>
      {limits.length > 0 && (
        <List size="xs" c="dimmed">
          {limits.map((limit) => (
            <List.Item key={limit}>
              <Untrusted text={limit} />
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

function Sources({ title, of, by }: { title: string; of: readonly SourceTrial[]; by: 'present' | 'changed' }) {
  if (of.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}: {count(of.length)}
      </Text>
      <List size="sm">
        {of.slice(0, NAMED_MAX).map((trial) => (
          <List.Item key={trial.source}>
            <Address of={trial.source} /> <Untrusted text={trial[by].why} />
          </List.Item>
        ))}
        {of.length > NAMED_MAX && <List.Item>… and {count(of.length - NAMED_MAX)} more</List.Item>}
      </List>
    </div>
  );
}
