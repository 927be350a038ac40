/** A list of sections of the policy (channels, and the recipients in them): a card for each, its fields as the daemon describes them. */
import { Alert, Button, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Field } from './draft.ts';
import { FieldInput } from './field-input.tsx';

type Item = Record<string, unknown>;

export interface ItemListProps {
  fields: readonly Field[];
  /** Of the list: `notify.email`. */
  path: string;
  /** What one of it is called: `mail account`. */
  one: string;
  value: readonly Item[];
  error: string | null;
  disabled: boolean;
  onChange: (value: Item[]) => void;
}

export function ItemList({ fields, path, one, value, error, disabled, onChange }: ItemListProps) {
  const own = itemFields(fields, path);
  const change = (index: number, name: string, to: unknown) =>
    onChange(value.map((item, at) => (at === index ? { ...item, [name]: to } : item)));
  return (
    <Stack gap="sm">
      {value.map((item, index) => (
        <Card key={index} withBorder p="sm" component="fieldset" aria-label={`${one} ${index + 1}`} m={0}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="md">
            {own.map((field) => {
              const name = field.path.slice(path.length + 3);
              const shown = { value: item[name], disabled };
              return field.kind === 'sections' ? (
                <div key={name}>
                  <Text size="sm" fw={500} mb={4}>
                    {name.charAt(0).toUpperCase() + name.slice(1)}
                  </Text>
                  <ItemList
                    {...{ fields, path: field.path, one: name.replace(/s$/, ''), error: null, disabled }}
                    value={(item[name] as Item[] | undefined) ?? []}
                    onChange={(to) => change(index, name, to)}
                  />
                </div>
              ) : (
                <FieldInput
                  key={name}
                  {...{ field, error: null, changed: false, ...shown }}
                  onChange={(to) => change(index, name, to)}
                />
              );
            })}
          </SimpleGrid>
          {!disabled && (
            <Group justify="flex-end" mt="sm">
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={14} />}
                onClick={() => onChange(value.filter((_, at) => at !== index))}
              >
                Remove this {one}
              </Button>
            </Group>
          )}
        </Card>
      ))}
      {error && (
        <Alert color="red">
          <Untrusted text={error} />
        </Alert>
      )}
      {value.length === 0 && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      {!disabled && (
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={15} />}
            onClick={() => onChange([...value, freshItem(own, path)])}
          >
            Add a {one}
          </Button>
        </div>
      )}
    </Stack>
  );
}

/** The fields right in an item, without those of lists in it. */
export function itemFields(fields: readonly Field[], path: string): Field[] {
  const prefix = `${path}[].`;
  return fields.filter((field) => field.path.startsWith(prefix) && !/[.[]/.test(field.path.slice(prefix.length)));
}

/** With what the daemon would fill in; what it cannot is empty and has to be written. */
export function freshItem(own: readonly Field[], path: string): Item {
  const start = ({ kind, default: usual }: Field) => usual ?? (kind === 'sections' ? [] : '');
  return Object.fromEntries(own.map((field) => [field.path.slice(path.length + 3), start(field)]));
}
