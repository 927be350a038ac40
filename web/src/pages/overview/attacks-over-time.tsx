/** Attacks, or what was dropped of them, over the period by kind: as bars and, for who cannot see or wants the numbers, as a table. */
import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useMemo } from 'react';
import { Link } from 'react-router';
import { Section } from '../../shell/section.tsx';
import { Empty } from '../../table/empty.tsx';
import { count } from '../../text/moments.ts';
import { kindColor } from './kind-colors.ts';
import { kindTitle } from './kind-title.ts';
import { attacksPath } from './links.ts';
import classes from './overview.module.css';
import { PERIODS, type PeriodName } from './period.ts';
import { seriesOf, stepNames, type Measure } from './series.ts';
import { SeriesTable } from './series-table.tsx';
import type { Statistics } from './statistics.ts';

const BarsOverTime = lazy(() => import('../../charts/bars-over-time.tsx'));
const HEIGHT = 264;

const MEASURES: Record<Measure, string> = { attacks: 'Attacks', dropped: 'Packets dropped' };

export interface AttacksOverTimeProps {
  of: Statistics | undefined;
  period: PeriodName;
  measure: Measure;
  onMeasure: (measure: Measure) => void;
}

export function AttacksOverTime({ of, period, measure, onMeasure }: AttacksOverTimeProps) {
  const [asTable, table] = useDisclosure(false);
  return (
    <Section
      title={`${MEASURES[measure]} over time`}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="What is shown"
            value={measure}
            onChange={(value) => onMeasure(value as Measure)}
            data={Object.entries(MEASURES).map(([value, label]) => ({ value, label }))}
          />
          <Button variant="default" size="compact-sm" aria-expanded={asTable} onClick={table.toggle}>
            {asTable ? 'Show the chart' : 'Show as a table'}
          </Button>
        </>
      }
    >
      {of ? <Shown of={of} {...{ period, measure, asTable }} /> : <Skeleton height={HEIGHT + 30} />}
    </Section>
  );
}

function Shown({
  of,
  period,
  measure,
  asTable,
}: Omit<AttacksOverTimeProps, 'onMeasure'> & { of: Statistics; asTable: boolean }) {
  const { steps, series, kinds } = useMemo(() => {
    const found = seriesOf(of, measure);
    return {
      kinds: found.kinds,
      steps: found.steps.map((at) => ({ at, ...stepNames(at, of.stepMs) })),
      series: found.kinds.map(({ kind, values }) => ({ name: kindTitle(kind), color: kindColor(kind), values })),
    };
  }, [of, measure]);
  const { words } = PERIODS[period];
  if (kinds.length === 0) return <Nothing measure={measure} words={words} />;
  if (asTable) return <SeriesTable label={`${MEASURES[measure]} in the ${words}`} steps={steps} kinds={kinds} />;
  return (
    <>
      <Suspense fallback={<Skeleton height={HEIGHT} />}>
        <BarsOverTime
          label={`${MEASURES[measure]} in the ${words}, stacked by kind. “Show as a table” has the numbers.`}
          height={HEIGHT}
          steps={steps}
          series={series}
        />
      </Suspense>
      <ul className={classes.kinds} aria-label="Kinds of attacks">
        {kinds.map(({ kind, total }) => (
          <li key={kind}>
            <svg width="10" height="10" aria-hidden>
              <rect width="10" height="10" rx="2" fill={kindColor(kind)} />
            </svg>
            {kind === 'other' ? (
              kindTitle(kind)
            ) : (
              <Link to={attacksPath({ last: period, kind })}>{kindTitle(kind)}</Link>
            )}
            <span className="tabular">{count(total)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Nothing({ measure, words }: { measure: Measure; words: string }) {
  if (measure === 'dropped') {
    return (
      <Empty
        title={`Nothing was dropped in the ${words}`}
        text="What the kernel drops of blocked attackers is counted here."
      />
    );
  }
  return (
    <Empty
      title={`No attack in the ${words}`}
      text={
        <>
          Every attack on the protected ports is counted here. To see one, from another machine that you may lose for an
          hour: <code>svcrack -u 100 -d words.txt ADDRESS</code>. In the source: <code>npm run lab</code> shows one in
          five seconds.
        </>
      }
    />
  );
}
