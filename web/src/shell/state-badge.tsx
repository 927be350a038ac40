/** Always in sight: is it protecting, and if not, the first reason. Opens all of them. */
import { Anchor, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import { useGet } from '../api/hooks.ts';
import { Untrusted } from '../text/untrusted.tsx';
import { Problems } from './problems.tsx';
import { STATES } from './states.ts';
import classes from './shell.module.css';

export function StateBadge() {
  const { data, isError } = useGet('/status');
  if (!data && !isError) return null;
  const { name, color, text } = STATES[isError || !data ? 'unknown' : data.state];
  const problems = isError ? [] : (data?.problems ?? []);
  return (
    <Popover width={340} position="bottom-end" shadow="md" withinPortal>
      <Popover.Target>
        <UnstyledButton
          className={classes.badge}
          style={{ '--dot': `var(--mantine-color-${color}-6)` } as CSSProperties}
        >
          <span className={classes.dot} aria-hidden />
          <span className={classes.badgeText} role="status">
            {name}
            {problems.length > 0 && (
              <Text span inherit fw={400} c="dimmed" visibleFrom="md">
                {' '}
                · <Untrusted text={problems[0].text} max={80} />
              </Text>
            )}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="sm">{text}</Text>
          <Problems of={problems} />
          <Anchor component={Link} to="/health" size="sm">
            Health
          </Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
