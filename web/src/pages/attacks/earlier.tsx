/** Other attacks of the same source. */
import { Anchor, Table } from '@mantine/core';
import { Link } from 'react-router';
import { Section } from '../../shell/section.tsx';
import { ActionBadge, kindName } from '../../text/attack-words.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { attackPath } from './attack-columns.tsx';
import type { Attack } from './attack.ts';

export function Earlier({ of: { incident, earlier } }: { of: Attack }) {
  if (earlier.length === 0) return null;
  return (
    <Section
      title="Other attacks of this source"
      actions={
        <Anchor component={Link} to={`/attacks?source=${encodeURIComponent(incident.source)}`} size="sm">
          In the attack log
        </Anchor>
      }
    >
      <Table.ScrollContainer minWidth={420} type="native">
        <Table aria-label="Other attacks of this source">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Attack</Table.Th>
              <Table.Th>Victim</Table.Th>
              <Table.Th>Action</Table.Th>
              <Table.Th ta="right">Seen</Table.Th>
              <Table.Th>Last</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {earlier.map(({ id, kind, victim, action, count: seen, last }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Anchor component={Link} to={attackPath(id)} inherit>
                    {kindName(kind)}
                  </Anchor>
                </Table.Td>
                <Table.Td>{victim}</Table.Td>
                <Table.Td>
                  <ActionBadge of={action} />
                </Table.Td>
                <Table.Td ta="right">{count(seen)}</Table.Td>
                <Table.Td>
                  <Time at={last} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
