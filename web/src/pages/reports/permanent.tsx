/** Blocks without an end that began on the day. */
import { Table, Text } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { Address } from '../../text/address.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Report } from './report.ts';

export function Permanent({ of: { permanent } }: { of: Report }) {
  const { rows, total } = permanent;
  return (
    <Section title="New permanent blocks" text={total === 0 ? 'None.' : undefined}>
      {rows.length > 0 && (
        <Table aria-label="New permanent blocks">
          <Table.Tbody>
            {rows.map(({ address, since, reason, byHand }) => (
              <Table.Tr key={address}>
                <Table.Th scope="row" fw={400}>
                  <Address of={address} />
                </Table.Th>
                <Table.Td>
                  <Time at={since} exact />
                  <Text size="xs" c="dimmed">
                    {byHand && 'by hand: '}
                    <Untrusted text={reason} max={120} />
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {total > rows.length && (
        <Text size="sm" c="dimmed">
          and {count(total - rows.length)} more
        </Text>
      )}
    </Section>
  );
}
