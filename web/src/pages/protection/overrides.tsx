/** Other thresholds for known sources: a table of address and what differs for it. */
import { ActionIcon, Alert, Button, Group, NumberInput, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Empty } from '../../table/empty.tsx';
import { WideTable } from '../../table/wide-table.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Field } from './draft.ts';
import type { Drafting } from './use-draft.ts';

interface Override {
  source: string;
  set: Record<string, number>;
}
const PATH = 'overrides';
const SET = 'overrides[].set.';

export function Overrides({ fields, drafting, may }: { fields: readonly Field[]; drafting: Drafting; may: boolean }) {
  const overrides = drafting.valueOf(PATH) as Override[];
  const thresholds = fields.filter(({ path }) => path.startsWith(SET)).map(({ path }) => path.slice(SET.length));
  const rows = overrides.flatMap(({ source, set }, index) =>
    Object.entries(set).map(([name, value]) => ({ index, source, name, value })),
  );
  const put = (next: Override[]) => drafting.set(PATH, next);
  const change = (index: number, to: Partial<Override>) =>
    put(overrides.map((one, at) => (at === index ? { ...one, ...to } : one)));
  const error = drafting.errorOf(PATH);

  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        A trunk may have more calls at once, a noisy office more wrong passwords. For each threshold the narrowest entry
        that names it wins. Whom nothing may ever block belongs on the allowlist instead.
      </Text>
      {error && (
        <Alert color="red">
          <Untrusted text={error} />
        </Alert>
      )}
      {rows.length === 0 ? (
        <Empty title="Every source has the same thresholds" text="Add one for a trunk that places many calls." />
      ) : (
        <WideTable label="Other thresholds" minWidth={520}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Address, CIDR or range</Table.Th>
                <Table.Th>Threshold</Table.Th>
                <Table.Th w={140}>Value</Table.Th>
                <Table.Th w={50}>Remove</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ index, source, name, value }) => (
                <Table.Tr key={`${index} ${name}`}>
                  <Table.Td>
                    <TextInput
                      size="xs"
                      aria-label="Address, CIDR or range"
                      placeholder="198.51.100.0/24"
                      value={source}
                      disabled={!may}
                      onChange={({ currentTarget }) => change(index, { source: currentTarget.value })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <Select
                      size="xs"
                      aria-label="Threshold"
                      data={thresholds}
                      value={name}
                      disabled={!may}
                      searchable
                      allowDeselect={false}
                      onChange={(chosen) => change(index, { set: renamed(overrides[index].set, name, chosen!) })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <NumberInput
                      size="xs"
                      aria-label="Value"
                      value={value}
                      min={1}
                      disabled={!may}
                      onChange={(typed) => change(index, { set: { ...overrides[index].set, [name]: typed as number } })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={`Remove ${name} of ${source}`}
                      disabled={!may}
                      onClick={() => put(without(overrides, index, name))}
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {may && (
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() => put([...overrides, { source: '', set: { 'invite-limit.simultaneous': 200 } }])}
          >
            Add a source
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function renamed(set: Override['set'], from: string, to: string): Override['set'] {
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name === from ? to : name, value]));
}

/** A source of which nothing differs any more goes. */
function without(overrides: readonly Override[], index: number, name: string): Override[] {
  return overrides.flatMap((one, at) => {
    if (at !== index) return [one];
    const { [name]: _, ...set } = one.set;
    return Object.keys(set).length > 0 ? [{ ...one, set }] : [];
  });
}
