/** Who attacks, whom, and how they call themselves. Each row leads to its attacks. */
import { Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Bars, type BarRow } from '../../charts/bars.tsx';
import { Section } from '../../shell/section.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { attacksPath } from './links.ts';
import classes from './overview.module.css';
import { PERIODS, type PeriodName } from './period.ts';
import type { Statistics } from './statistics.ts';

const LISTED = 8;
/** One line of a narrow card. */
const TEXT_MAX = 60;

export function TopLists({ of, period }: { of: Statistics | undefined; period: PeriodName }) {
  const { words } = PERIODS[period];
  const path = (filters: Parameters<typeof attacksPath>[0]) => attacksPath({ last: period, ...filters });
  const top = of?.top;
  // What there will be to see is said by the chart and the map.
  if (of?.totals.attacks === 0 && of.totals.dropped === 0) return null;
  return (
    <div className={classes.lists}>
      <TopList
        title="Sources"
        none={`Nobody attacked in the ${words}.`}
        rows={top?.sources.map((row) => entry(row, row.key, path({ source: row.key })))}
      />
      <TopList
        title="Victims"
        none={`Nothing was attacked in the ${words}.`}
        rows={top?.victims.map((row) => entry(row, row.key, path({ victim: row.key })))}
      />
      <TopList
        title="Networks"
        text="Who announces the addresses of the sources."
        none="Of no attack the network is known."
        rows={top?.networks.map((row) => ({
          key: String(row.asn),
          name: (
            <>
              <Untrusted text={row.network ?? 'AS'} max={TEXT_MAX} />{' '}
              <Text span inherit c="dimmed">
                AS{row.asn}
              </Text>
            </>
          ),
          value: row.attacks,
          to: path({ asn: String(row.asn) }),
        }))}
      />
      <TopList
        title="User agents"
        text="As attackers call themselves; many lie."
        none="No attack had a user agent."
        rows={top?.userAgents.map((row) => entry(row, strangers(row.key), path({ text: row.key })))}
      />
      <TopList
        title="Users tried"
        text="Names and extensions that were guessed."
        none="No user was tried."
        rows={top?.users.map((row) => entry(row, strangers(row.key), path({ text: row.key })))}
      />
    </div>
  );
}

function strangers(text: string): ReactNode {
  return <Untrusted text={text} max={TEXT_MAX} />;
}

function entry({ key, attacks }: { key: string; attacks: number }, name: ReactNode, to: string): BarRow {
  return { key, name, value: attacks, to };
}

function TopList({ title, text, none, rows }: { title: string; text?: string; none: string; rows?: BarRow[] }) {
  return (
    <Section title={title} text={text}>
      {rows === undefined ? (
        <Skeleton height={LISTED * 30} />
      ) : rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : (
        <Bars label={`${title}, by attacks`} rows={rows.slice(0, LISTED)} />
      )}
    </Section>
  );
}
