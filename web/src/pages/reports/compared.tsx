/** The day against the one before and the week before. */
import { Table, Text } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { count } from '../../text/moments.ts';
import { changeText } from '../overview/period.ts';
import type { Report } from './report.ts';

const FIGURES = [
  ['attacks', 'Attacks'],
  ['messages', 'Messages'],
  ['dropped', 'Packets dropped'],
] as const;
const ACTIONS = [
  ['deny', 'blocked for good'],
  ['block', 'blocked'],
  ['limit', 'limited'],
  ['watch', 'only watched'],
  ['pass', 'let through as never blocked'],
] as const;

export function Compared({ of }: { of: Report }) {
  const { totals, dayBefore, weekBefore, droppedBy, zone } = of;
  const done = ACTIONS.filter(([action]) => (totals.actions[action] ?? 0) > 0);
  return (
    <Section title="The day" text={`In ${zone}.${droppedBy === 'days' ? ` ${BY_DAYS}` : ''}`}>
      <Table aria-label="The day against those before">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th ta="right">That day</Table.Th>
            <Table.Th ta="right">Day before</Table.Th>
            <Table.Th ta="right">Week before, per day</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {FIGURES.map(([name, title]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {title}
              </Table.Th>
              <Table.Td ta="right" fw={600} className="tabular">
                {count(totals[name])}
              </Table.Td>
              {[dayBefore[name], weekBefore[name]].map((before, i) => (
                <Table.Td key={i} ta="right" className="tabular">
                  {count(before < 100 ? before : Math.round(before))}
                  <Text size="xs" c="dimmed">
                    {changeText(totals[name], before) ?? ' '}
                  </Text>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" mt="xs">
        {totals.attacks === 0
          ? 'No attack began.'
          : `${count(totals.sources)} ${totals.sources === 1 ? 'source' : 'sources'}; ${done.map(([action, words]) => `${count(totals.actions[action] ?? 0)} ${words}`).join(', ')}.`}
      </Text>
    </Section>
  );
}

const BY_DAYS = 'What was dropped so long ago is kept by the day of UTC: near, not exact.';
