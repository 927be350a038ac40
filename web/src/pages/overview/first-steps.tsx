/** What is worth doing on the first day, until it is done or the person has seen enough of it. */
import { Anchor, Button, Card, Group, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { useGet } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import classes from './overview.module.css';

export function FirstSteps() {
  const may = useMay('configure');
  const [hidden, setHidden] = useLocalStorage({
    key: 'ringfence-first-steps-hidden',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const asked = { enabled: may && !hidden };
  const { data: allow } = useGet('/lists/{list}', { path: { list: 'allow' }, query: { limit: 1 } }, asked);
  const { data: geo } = useGet('/geo', {}, asked);
  const { data: status } = useGet('/status');
  const steps = [
    {
      done: allow !== undefined && allow.total > 0,
      to: '/allowlist',
      title: 'Put your trunks and offices on the allowlist',
      text: 'What is on it is never blocked, whatever happens. Begin with the addresses of your provider.',
    },
    {
      done: geo !== undefined && geo.rule.mode !== 'off',
      to: '/countries',
      title: 'Close the countries that nobody calls from',
      text: 'See first whom it would have hit.',
    },
    {
      done: status !== undefined && status.policy.version > 0,
      to: '/protection',
      title: 'Look at the thresholds and ports',
      text: 'The defaults fit most PBXs; other ports than 5060 have to be named.',
    },
  ];
  const finished = steps.every(({ done }) => done);
  // Remembered, so that the next visit has no room for it that goes away again.
  useEffect(() => {
    if (finished) setHidden(true);
  }, [finished, setHidden]);
  if (!may || hidden || finished) return null;
  return (
    <Card component="section" aria-labelledby="first-steps" p="sm">
      <Group justify="space-between" mb={6}>
        <Title order={2} id="first-steps">
          First steps
        </Title>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setHidden(true)}>
          Hide
        </Button>
      </Group>
      <ul className={classes.steps}>
        {steps.map(({ done, to, title, text }) => (
          <li key={to} data-done={done || undefined}>
            {done ? (
              <IconCircleCheckFilled size={18} aria-label="Done:" />
            ) : (
              <IconCircle size={18} stroke={1.6} aria-hidden />
            )}
            <div>
              <Anchor component={Link} to={to} size="sm" fw={500}>
                {title}
              </Anchor>
              {!done && (
                <Text size="sm" c="dimmed">
                  {text}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
