/** Four numbers: attacks and drops of the period, blocked now, traffic now. */
import { Card, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { components } from '../../api/schema.d.ts';
import { useGet } from '../../api/hooks.ts';
import { useLiveEvent } from '../../api/live.tsx';
import { count, shortCount } from '../../text/moments.ts';
import { attacksPath } from './links.ts';
import classes from './overview.module.css';
import { changeText, PERIODS, type PeriodName } from './period.ts';
import type { Statistics } from './statistics.ts';

type Rates = components['schemas']['Rates'];

export function Figures({ of, period }: { of: Statistics | undefined; period: PeriodName }) {
  const { data: status } = useGet('/status');
  const [rates, setRates] = useState<Rates | null>(null);
  useLiveEvent('rates', setRates);
  const { words } = PERIODS[period];
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Figure
        title="Attacks"
        to={attacksPath({ last: period })}
        value={of && shortCount(of.totals.attacks)}
        text={of && compared(of.totals.attacks, of.before.attacks, words)}
      />
      <Figure
        title="Packets dropped"
        value={of && shortCount(of.totals.dropped)}
        text={of && compared(of.totals.dropped, of.before.dropped, words)}
      />
      <Figure
        title="Blocked now"
        to="/blocked"
        value={status && count(status.blocked.now)}
        text={status && `${count(status.blocked.permanent)} of them for good`}
      />
      <Figure
        title="Requests per second"
        value={status && (rates ? perSecond(rates.requestsPerSecond) : '–')}
        text={
          status && (rates ? `${perSecond(rates.dropsPerSecond)} packets dropped per second` : 'waiting for live data')
        }
      />
    </SimpleGrid>
  );
}

function compared(now: number, before: number, words: string): string {
  const change = changeText(now, before);
  if (change === null) return now === 0 ? `none in the ${words}` : `in the ${words}; none before`;
  return change === 'the same' ? 'as many as in the period before' : `${change} against the period before`;
}

function perSecond(value: number): string {
  return value >= 100 ? shortCount(Math.round(value)) : String(Math.round(value * 10) / 10);
}

function Figure({ title, value, text, to }: { title: string; value?: ReactNode; text?: string; to?: string }) {
  return (
    <Card p="sm" className={classes.figure}>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <div className={classes.figureValue}>
        {value === undefined ? <Skeleton height={26} width={70} my={5} /> : to ? <Link to={to}>{value}</Link> : value}
      </div>
      <Text size="xs" c="dimmed" className={classes.figureText}>
        {text}
      </Text>
    </Card>
  );
}
