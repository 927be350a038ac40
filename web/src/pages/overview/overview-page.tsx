/** At a glance: am I safe, what changed, what must I do. */
import { SegmentedControl } from '@mantine/core';
import { useEffect } from 'react';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Page } from '../../shell/page.tsx';
import { useFilters } from '../../table/filters.ts';
import { AttackMap } from './attack-map.tsx';
import { AttacksOverTime } from './attacks-over-time.tsx';
import { Figures } from './figures.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Machinery } from './machinery.tsx';
import classes from './overview.module.css';
import { DEFAULT_PERIOD, periodOf, PERIODS } from './period.ts';
import { StateCard } from './state-card.tsx';
import { useStatistics } from './statistics.ts';
import { Ticker } from './ticker-card.tsx';
import { TopLists } from './top-lists.tsx';

/** `performance.getEntriesByName`: the numbers are on the screen, and everything answers. */
const READY = 'overview-ready';

export function OverviewPage() {
  const [filters, setFilters] = useFilters(['period', 'show']);
  const period = periodOf(filters.period);
  const { data, error, refetch } = useStatistics(period);
  const ready = data !== undefined;
  useEffect(() => {
    if (ready) performance.mark(READY);
  }, [ready]);

  return (
    <Page
      title="Overview"
      actions={
        <SegmentedControl
          aria-label="Period"
          value={period}
          onChange={(name) => setFilters({ period: name === DEFAULT_PERIOD ? undefined : name })}
          data={Object.entries(PERIODS).map(([value, { title }]) => ({ value, label: title }))}
        />
      }
    >
      <StateCard />
      <FirstSteps />
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      <Figures of={data} period={period} />
      <div className={classes.wideAndNarrow}>
        <AttacksOverTime
          of={data}
          period={period}
          measure={filters.show === 'dropped' ? 'dropped' : 'attacks'}
          onMeasure={(measure) => setFilters({ show: measure === 'attacks' ? undefined : measure })}
        />
        <Ticker />
      </div>
      <AttackMap of={data} period={period} />
      <TopLists of={data} period={period} />
      <Machinery />
    </Page>
  );
}
