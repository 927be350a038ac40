/** What a file would do to a list: how much, what was refused and why, and the first changes. */
import { Alert, Badge, Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { FileImport } from '../../api/upload.ts';
import type { ListName } from '../../source/acts.ts';
import { count, counted } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';

const TABLE_HEIGHT = 220;

export function ImportPreview({ list, of, onSets }: { list: ListName; of: FileImport; onSets: (set: string) => void }) {
  const {
    added,
    changed,
    same,
    refused,
    duplicates,
    over,
    format,
    stopped,
    shutOut,
    allowlistedCount,
    exempt,
    exemptCount,
  } = of;
  return (
    <Stack gap="sm" aria-label="What the file would change" role="region">
      <Group gap={8}>
        <Badge color="teal">{count(added)} new</Badge>
        <Badge color="accent">{count(changed)} changed</Badge>
        <Badge color="gray">{count(same)} as they are</Badge>
        {duplicates > 0 && <Badge color="gray">{count(duplicates)} twice in the file</Badge>}
        {over > 0 && <Badge color="gray">{count(over)} over</Badge>}
        <Badge color={refused > 0 ? 'red' : 'gray'}>{count(refused)} refused</Badge>
        {format && (
          <Text size="xs" c="dimmed">
            read as {format}
          </Text>
        )}
      </Group>
      {stopped && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="Nothing would be changed">
          <Text size="sm">
            <Untrusted text={stopped.text} />
          </Text>
        </Alert>
      )}
      {stopped?.code === 'several-sets' && (
        <Group gap="xs">
          {of.sets.map(({ name, records }) => (
            <Button key={name} size="compact-sm" variant="light" onClick={() => onSets(name)}>
              <Untrusted text={name} max={40} />: {count(records)}
            </Button>
          ))}
        </Group>
      )}
      {shutOut.length > 0 && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} title="This would shut somebody out">
          {shutOut.slice(0, 10).map((line) => (
            <Text key={line} size="sm">
              <Untrusted text={line} />
            </Text>
          ))}
        </Alert>
      )}
      {list === 'deny' && allowlistedCount > 0 && (
        <Text size="sm" c="dimmed">
          {counted(allowlistedCount, 'entry is', 'entries are')} on the allowlist too, which wins: there they have no
          effect.
        </Text>
      )}
      {exemptCount > 0 && (
        <Text size="sm" c="dimmed">
          This machine’s own addresses, its gateway and loopback are never blocked: there{' '}
          {counted(exemptCount, 'entry has', 'entries have')} no effect (
          <Untrusted text={exempt.join(', ')} max={120} />
          ).
        </Text>
      )}
      <Refused of={of} />
      <Planned of={of} />
    </Stack>
  );
}

function Refused({ of: { problems, refused } }: { of: FileImport }) {
  if (problems.length === 0) return null;
  return (
    <Lines
      title={refused > problems.length ? `Refused: the first ${problems.length} of ${count(refused)}` : 'Refused'}
      head={['Line', 'Value', 'Why']}
      rows={problems.map(({ line, value, why, expected }) => [
        line === 0 ? 'file' : count(line),
        <Untrusted text={value} max={60} />,
        <>
          <Untrusted text={why} />
          {expected && !why.includes(expected) && (
            <Text size="xs" c="dimmed">
              Expected: <Untrusted text={expected} />
            </Text>
          )}
        </>,
      ])}
    />
  );
}

function Planned({ of: { plan, added, changed } }: { of: FileImport }) {
  const rows = [
    ...plan.added.map(({ line, after }) => ({ line, what: 'new', after })),
    ...plan.changed.map(({ line, after }) => ({ line, what: 'changed', after })),
  ].sort((a, b) => a.line - b.line);
  if (rows.length === 0) return null;
  return (
    <Lines
      title={
        added + changed > rows.length ? `The first ${rows.length} of ${count(added + changed)}` : 'What would change'
      }
      head={['Line', '', 'Address', 'Comment']}
      rows={rows.map(({ line, what, after: { range, comment } }) => [
        count(line),
        what,
        range,
        <Untrusted text={comment} max={80} />,
      ])}
    />
  );
}

function Lines({ title, head, rows }: { title: string; head: string[]; rows: ReactNode[][] }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <ScrollArea.Autosize mah={TABLE_HEIGHT} viewportProps={{ tabIndex: 0, 'aria-label': title, role: 'region' }}>
        <Table fz="xs" striped stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {head.map((name, index) => (
                <Table.Th key={index}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((cells, index) => (
              <Table.Tr key={index}>
                {cells.map((cell, column) => (
                  <Table.Td key={column}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </div>
  );
}
