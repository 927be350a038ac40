/** What two versions, or the version in force and a text, say differently: setting by setting. */
import { Badge, Group, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask, type Answer, type Asked } from '../../api/client.ts';
import type { ApiError } from '../../api/problem.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { WideTable } from '../../table/wide-table.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { told } from './draft.ts';

type Diff = Answer<'/policy/diff', 'post'>;

export function DiffTable({ asked }: { asked: Asked<'/policy/diff', 'post'>['body'] }) {
  const { data, error } = useQuery<Diff, ApiError>({
    queryKey: ['/policy/diff', asked],
    queryFn: ({ signal }) => ask('post', '/policy/diff', { body: asked }, signal),
    retry: false,
  });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton height={80} aria-label="Loading" />;
  if (data.changes.length === 0) return <Text size="sm">They say the same.</Text>;
  return (
    <WideTable label="What differs" minWidth={480}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Setting</Table.Th>
            <Table.Th>{data.from}</Table.Th>
            <Table.Th>{data.to}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.changes.map(({ path, before, after, removed, added }) => (
            <Table.Tr key={path}>
              <Table.Td>{path}</Table.Td>
              {removed && added ? (
                <>
                  <Table.Td>
                    <Entries of={removed} sign="−" color="red" />
                  </Table.Td>
                  <Table.Td>
                    <Entries of={added} sign="+" color="teal" />
                  </Table.Td>
                </>
              ) : (
                <>
                  <Table.Td>
                    <Untrusted text={told(before)} max={200} />
                  </Table.Td>
                  <Table.Td>
                    <Text span inherit fw={600}>
                      <Untrusted text={told(after)} max={200} />
                    </Text>
                  </Table.Td>
                </>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** Of a list what went and what came. */
function Entries({ of, sign, color }: { of: readonly unknown[]; sign: string; color: string }) {
  return (
    <Group gap={6}>
      {of.map((entry) => (
        <Badge key={told(entry)} color={color} tt="none">
          {sign} <Untrusted text={told(entry)} max={80} />
        </Badge>
      ))}
    </Group>
  );
}
