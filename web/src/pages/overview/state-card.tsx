/** The first question: is it protecting, is anyone attacking now, and what must be done about it. */
import { Anchor, Card, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconEye, IconShieldCheck, IconShieldExclamation, IconShieldOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Answer } from '../../api/client.ts';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Problems } from '../../shell/problems.tsx';
import { counted } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import classes from './overview.module.css';
import { protectsText } from './protects.ts';

type Status = Answer<'/status'>;

const STATES = {
  protecting: { title: 'Protecting', color: 'teal', icon: IconShieldCheck },
  degraded: { title: 'Protecting, with problems', color: 'yellow', icon: IconShieldExclamation },
  monitoring: { title: 'Watching only: nobody is blocked', color: 'blue', icon: IconEye },
  down: { title: 'Not protecting', color: 'red', icon: IconShieldOff },
} as const;

export function StateCard() {
  const { data, error, refetch } = useGet('/status');
  if (error && !data) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton height={104} radius="lg" />;
  return <State of={data} />;
}

function State({ of }: { of: Status }) {
  const { state, mode, since, protects, problems, wayIn } = of;
  // With problems it may watch only, too: what nobody may overlook goes first.
  const shown = state === 'degraded' && mode === 'monitor' ? 'monitoring' : state;
  const { title, color, icon: Sign } = STATES[shown];
  return (
    <Card component="section" aria-label="State of the firewall" className={classes.state} data-state={shown}>
      <Group gap="md" wrap="nowrap" align="flex-start">
        <ThemeIcon size={46} radius="xl" color={color} variant="light" aria-hidden>
          <Sign size={26} stroke={1.7} />
        </ThemeIcon>
        <div className={classes.stateFacts}>
          <div>
            <Title order={2}>{title}</Title>
            <Text size="sm" c="dimmed">
              {protects ? protectsText(protects) : 'What it protects is not known: the guard has not reported.'}
              {since !== null && (
                <>
                  {' '}
                  Running since <Time at={since} />.
                </>
              )}
            </Text>
            {wayIn !== null && wayIn.since !== null && (
              <Text size="sm" mt={4} fw={600}>
                A flood at the SIP ports goes on since <Time at={wayIn.since} />; registered phones get in first.
              </Text>
            )}
            {shown === 'monitoring' && (
              <Text size="sm" mt={4}>
                The policy says <code>mode: monitor</code>. Switch it to protect under{' '}
                <Anchor component={Link} to="/protection" inherit>
                  Protection
                </Anchor>
                .
              </Text>
            )}
          </div>
          <Now of={of} />
        </div>
      </Group>
      {problems.length > 0 && (
        <Stack gap={6} mt="md" className={classes.problems}>
          <Text size="xs" fw={600} c="dimmed">
            What to do
          </Text>
          <Problems of={problems} />
        </Stack>
      )}
    </Card>
  );
}

function Now({ of: { attacksOpen, attacksToday } }: { of: Status }) {
  return (
    <div className={classes.now}>
      {attacksOpen > 0 ? (
        <Anchor component={Link} to="/attacks?open=true" className={classes.nowAttack}>
          {counted(attacksOpen, 'attack')} going on
        </Anchor>
      ) : (
        <Text className={classes.nowCalm}>No attack now</Text>
      )}
      <Text size="sm" c="dimmed" className="tabular">
        {counted(attacksToday, 'attack')} since midnight
      </Text>
    </div>
  );
}
