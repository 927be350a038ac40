/** What the detectors count for it now: how far it is from each threshold. */
import { Group, Stack, Text } from '@mantine/core';
import type { components } from '../../api/schema.d.ts';
import { Section } from '../../shell/section.tsx';
import { kindName } from '../../text/attack-words.tsx';
import { count, duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import classes from './why.module.css';

export function CountersNow({ engine }: { engine: components['schemas']['EngineExplanation'] }) {
  const { known, lastSeen, suspicious } = engine;
  const counts = engine.counts.filter((one) => one.count > 0);
  const seen =
    known && lastSeen !== null ? (
      <>
        Last seen <Time at={lastSeen} />.{suspicious && ' Its user agent is on the list of suspicious ones.'}
      </>
    ) : (
      'Nothing of it was counted since the guard started.'
    );
  return (
    <Section title="Counted now" text={seen}>
      {counts.length > 0 && (
        <Stack gap="xs">
          {counts.map((one) => (
            <Group key={one.kind + one.what} gap="md" wrap="wrap">
              <Text size="sm" w={230}>
                {kindName(one.kind)}
                <Text span size="xs" c="dimmed">
                  {' '}
                  {one.what}
                </Text>
              </Text>
              <Meter {...one} />
              <Text size="sm" className="tabular">
                {count(one.count)} of {count(one.threshold)} in {duration(one.windowMs)}
              </Text>
            </Group>
          ))}
        </Stack>
      )}
      {known && counts.length === 0 && (
        <Text size="sm" c="dimmed">
          No detector counts anything against it.
        </Text>
      )}
    </Section>
  );
}

function Meter(one: { count: number; threshold: number }) {
  const share = Math.min(one.count / Math.max(one.threshold, 1), 1);
  const color = share >= 1 ? 'red' : share >= 0.6 ? 'yellow' : 'accent';
  return (
    <div className={classes.meter} style={{ maxWidth: 160 }} aria-hidden>
      <div style={{ width: `${share * 100}%`, background: `var(--mantine-color-${color}-6)` }} />
    </div>
  );
}
