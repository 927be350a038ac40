/** Blocks of it that ended, and how near it is to a permanent one. */
import { Table } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { WideTable } from '../../table/wide-table.tsx';
import { count, counted, duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Explanation } from './explanation.ts';

const HOW = { expired: 'expired', lifted: 'lifted by a person', replaced: 'replaced by another' } as const;

export function EarlierBlocks({ of: { earlierBlocks, permanentAfter } }: { of: Explanation }) {
  if (earlierBlocks.length === 0) return null;
  const text =
    permanentAfter === 0
      ? 'The policy makes no block permanent.'
      : `After ${counted(permanentAfter, 'block')} the next one is permanent.`;
  return (
    <Section title={`Earlier blocks: ${count(earlierBlocks.length)}`} text={text}>
      <WideTable label="Earlier blocks" minWidth={420}>
        <Table aria-label="Earlier blocks">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Since</Table.Th>
              <Table.Th>Lasted</Table.Th>
              <Table.Th>Ended</Table.Th>
              <Table.Th>Reason</Table.Th>
              <Table.Th ta="right">Dropped</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {earlierBlocks.map(({ since, ended, how, reason, dropped }) => (
              <Table.Tr key={since}>
                <Table.Td>
                  <Time at={since} exact />
                </Table.Td>
                <Table.Td>{ended ? duration(ended - since) : '–'}</Table.Td>
                <Table.Td>{how ? HOW[how] : '–'}</Table.Td>
                <Table.Td>
                  <Untrusted text={reason} />
                </Table.Td>
                <Table.Td ta="right">{count(dropped)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Section>
  );
}
