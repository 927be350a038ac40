/** By kind, country, network, victim, source and user: the most first. */
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Section } from '../../shell/section.tsx';
import { Address } from '../../text/address.tsx';
import { Country } from '../../text/country.tsx';
import { count } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import { kindTitle } from '../overview/kind-title.ts';
import type { Report } from './report.ts';
import classes from './reports.module.css';

interface Row {
  key: string;
  name: ReactNode;
  values: readonly number[];
}

const TEXT_MAX = 60;
const FIGURES = ['Attacks', 'Messages', 'Dropped'];

export function Rankings({ of }: { of: Report }) {
  return (
    <div className={classes.rankings}>
      <Ranking
        title="Kinds"
        rows={of.kinds.map((row) => ({
          key: row.kind,
          name: (
            <>
              {kindTitle(row.kind)}
              <Text size="xs" c="dimmed">
                {count(row.dayBefore)} the day before, {count(row.weekBefore)} a day in the week before
              </Text>
            </>
          ),
          values: figures(row),
        }))}
      />
      <Ranking
        title="Countries"
        more={of.countries}
        rows={of.countries.rows.map((row) => ({
          key: row.country ?? '',
          name: row.country === null ? 'Not known' : <Country code={row.country} />,
          values: figures(row),
        }))}
      />
      <Ranking
        title="Networks"
        more={of.networks}
        rows={of.networks.rows.map((row) => ({
          key: String(row.asn),
          name: (
            <>
              <Untrusted text={row.network ?? 'AS'} max={TEXT_MAX} />{' '}
              <Text span inherit c="dimmed">
                AS{row.asn}
              </Text>
            </>
          ),
          values: figures(row),
        }))}
      />
      <Ranking
        title="Attacked addresses"
        more={of.victims}
        rows={of.victims.rows.map((row) => ({ key: row.address, name: row.address, values: figures(row) }))}
      />
      <Ranking
        title="Sources"
        more={of.sources}
        rows={of.sources.rows.map((row) => ({
          key: row.address,
          name: <Address of={row.address} />,
          values: figures(row),
        }))}
      />
      <Ranking
        title="Users tried"
        more={of.users}
        columns={['Attacks']}
        rows={of.users.rows.map(({ user, attacks }) => ({
          key: user,
          name: user === '' ? '(empty)' : <Untrusted text={user} max={TEXT_MAX} />,
          values: [attacks],
        }))}
      />
    </div>
  );
}

function figures({ attacks, messages, dropped }: { attacks: number; messages: number; dropped: number }): number[] {
  return [attacks, messages, dropped];
}

interface RankingProps {
  title: string;
  rows: readonly Row[];
  columns?: readonly string[];
  more?: { total: number; atLeast: boolean };
}

function Ranking({ title, rows, columns = FIGURES, more }: RankingProps) {
  const left = (more?.total ?? rows.length) - rows.length;
  return (
    <Section title={title} text={rows.length === 0 ? 'None.' : undefined}>
      {rows.length > 0 && (
        <Table aria-label={title} fz="sm" className={classes.figures}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {columns.map((column) => (
                <Table.Th key={column} ta="right" className={column === 'Messages' ? classes.roomy : undefined}>
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, name, values }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400} className={classes.name}>
                  {name}
                </Table.Th>
                {values.map((value, i) => (
                  <Table.Td key={i} ta="right" className={`tabular ${columns[i] === 'Messages' ? classes.roomy : ''}`}>
                    {count(value)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {left > 0 && (
        <Text size="sm" c="dimmed" mt={4}>
          and {more?.atLeast && 'at least '}
          {count(left)} more
        </Text>
      )}
    </Section>
  );
}
