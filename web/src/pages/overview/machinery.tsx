/** Whether what protects works: sensor, kernel table, lists of others, country data. More is on the page Health. */
import { Anchor, SimpleGrid, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useGet } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { count, counted } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import classes from './overview.module.css';

/** Nothing tells when feeds or country data are fetched. */
const EVERY_MS = 60_000;

export function Machinery() {
  const { data: status } = useGet('/status');
  const { data: feeds } = useGet('/feeds', {}, { everyMs: EVERY_MS });
  const { data: geo } = useGet('/geo', {}, { everyMs: EVERY_MS });
  if (!status) return <Skeleton height={120} radius="lg" />;
  const { capture, kernel, lost, store } = status;
  const stale = feeds?.items.filter(({ state, problem }) => state === 'stale' || problem !== null).length ?? 0;
  return (
    <Section
      title="How it works"
      actions={
        <Anchor component={Link} to="/health" size="sm">
          Health
        </Anchor>
      }
    >
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="md">
        <Part name="Sensor" worry={false}>
          {capture === null ? 'has not reported' : `${count(Math.round(capture.framesPerSecond))} packets/s`}
        </Part>
        <Part name="Lost packets" worry={lost > 0}>
          {lost === 0 ? 'none' : counted(lost, 'packet')}
        </Part>
        <Part name="Kernel table" worry={kernel?.ok === false}>
          {kernel === null ? 'has not reported' : kernel.ok ? 'whole' : 'broken, being repaired'}
          {kernel !== null && kernel.repairs > 0 && `, repaired ${counted(kernel.repairs, 'time')}`}
        </Part>
        <Part name="Attack log" worry={!store.ok || store.lost > 0}>
          {!store.ok ? 'cannot be written' : store.lost > 0 ? `${counted(store.lost, 'report')} lost` : 'written'}
        </Part>
        <Part name="Feeds" worry={stale > 0} to="/feeds">
          {feeds === undefined
            ? '–'
            : feeds.items.length === 0
              ? 'none'
              : `${count(feeds.items.length)}${stale > 0 ? `, ${count(stale)} in trouble` : ', current'}`}
        </Part>
        <Part
          name="Country data"
          worry={geo !== undefined && (geo.inUse === null || geo.problem !== null)}
          to="/countries"
        >
          {geo === undefined ? (
            '–'
          ) : geo.inUse === null ? (
            'not loaded'
          ) : (
            <>
              from <Time at={geo.inUse.made ?? geo.inUse.loaded} />
            </>
          )}
        </Part>
      </SimpleGrid>
    </Section>
  );
}

function Part({ name, worry, to, children }: { name: string; worry: boolean; to?: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {to ? (
          <Anchor component={Link} to={to} inherit>
            {name}
          </Anchor>
        ) : (
          name
        )}
      </Text>
      <div className={classes.part} data-worry={worry || undefined}>
        {children}
      </div>
    </div>
  );
}
