/** Attacks over the hours of the clock: as bars, and as a table. */
import { Button, Skeleton, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useMemo } from 'react';
import { Section } from '../../shell/section.tsx';
import { count } from '../../text/moments.ts';
import type { Report } from './report.ts';

const BarsOverTime = lazy(() => import('../../charts/bars-over-time.tsx'));
const HEIGHT = 200;
/** As the bars of the mail. */
const COLOR = '#c92a2a';

export function ByHour({ of: { hours, totals } }: { of: Report }) {
  const [asTable, table] = useDisclosure(false);
  const steps = useMemo(() => hours.map(({ label }) => ({ short: label, long: label })), [hours]);
  const series = useMemo(
    () => [{ name: 'Attacks', color: COLOR, values: hours.map(({ attacks }) => attacks) }],
    [hours],
  );
  return (
    <Section
      title="Attacks by hour"
      actions={
        totals.attacks > 0 && (
          <Button variant="default" size="compact-sm" aria-expanded={asTable} onClick={table.toggle}>
            {asTable ? 'Show the chart' : 'Show as a table'}
          </Button>
        )
      }
    >
      {totals.attacks === 0 ? (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      ) : asTable ? (
        <HourTable hours={hours} />
      ) : (
        <Suspense fallback={<Skeleton height={HEIGHT} />}>
          <BarsOverTime
            label="Attacks by hour. “Show as a table” has the numbers."
            height={HEIGHT}
            steps={steps}
            series={series}
          />
        </Suspense>
      )}
    </Section>
  );
}

function HourTable({ hours }: Pick<Report, 'hours'>) {
  return (
    <Table aria-label="Attacks by hour" fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Hour</Table.Th>
          <Table.Th ta="right">Attacks</Table.Th>
          <Table.Th ta="right">Packets dropped</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {hours.map(({ from, label, attacks, dropped }) => (
          <Table.Tr key={from}>
            <Table.Th scope="row" fw={400}>
              {label}
            </Table.Th>
            <Table.Td ta="right">{count(attacks)}</Table.Td>
            <Table.Td ta="right">{dropped === null ? '–' : count(dropped)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
