/** What happens, while it happens. It can be held still; what comes meanwhile waits. */
import { Button, Group } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useGet } from '../../api/hooks.ts';
import { useLive, useLiveEvent } from '../../api/live.tsx';
import { Section } from '../../shell/section.tsx';
import { Empty } from '../../table/empty.tsx';
import { count } from '../../text/moments.ts';
import classes from './overview.module.css';
import { attackLine, blockLine, unblockLine, withLine, type Line } from './ticker.ts';
import { TickerLine } from './ticker-line.tsx';

/** To begin with. */
const EARLIER = 12;

export function Ticker() {
  const live = useLive();
  const [happened, setHappened] = useState<Line[]>([]);
  const [held, setHeld] = useState<readonly Line[] | null>(null);
  const take = (line: Line) => setHappened((lines) => withLine(lines, line));
  useLiveEvent('incident', (incident) => take(attackLine(incident)));
  useLiveEvent('block', (block) => take(blockLine(block)));
  useLiveEvent('unblock', (unblock) => take(unblockLine(unblock)));
  const { data: earlier } = useGet('/attacks', { query: { limit: EARLIER } });

  const current = useMemo(
    () => happened.reduce<readonly Line[]>(withLine, earlier?.items.map(attackLine).sort((a, b) => b.at - a.at) ?? []),
    [happened, earlier],
  );
  const shown = held ?? current;
  const waiting = held === null ? 0 : current.filter(({ key }) => !held.some((line) => line.key === key)).length;
  return (
    <Section
      title="Live"
      actions={
        <Button
          variant="default"
          size="compact-sm"
          leftSection={held ? <IconPlayerPlay size={13} /> : <IconPlayerPause size={13} />}
          onClick={() => setHeld(held ? null : current)}
        >
          {held ? (waiting > 0 ? `Go on (${count(waiting)} new)` : 'Go on') : 'Pause'}
        </Button>
      }
    >
      {shown.length === 0 ? (
        <Empty title="Nothing has happened" text="Attacks and blocks appear here within a second." />
      ) : (
        <div
          className={classes.ticker}
          tabIndex={0}
          role="log"
          aria-relevant="additions"
          aria-label="Attacks and blocks"
        >
          <ol>
            {shown.map((line) => (
              <TickerLine key={line.key} of={line} />
            ))}
          </ol>
        </div>
      )}
      <Group mt="xs" fz="xs" c="dimmed">
        {held ? 'Held still' : live === 'live' ? 'Follows what happens' : 'Reconnecting: asks every few seconds'}
      </Group>
    </Section>
  );
}
