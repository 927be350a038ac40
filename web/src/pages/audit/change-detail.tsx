/** One change: before and after, field by field; and the same in a few words. */
import { Code, Modal, Stack, Table, Text } from '@mantine/core';
import type { Item } from '../../api/hooks.ts';
import { Facts } from '../../table/facts.tsx';
import { WideTable } from '../../table/wide-table.tsx';
import { visible } from '../../text/escape.ts';
import { exactTime } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import { changedFields, inText } from './changed-fields.ts';
import { whatInWords } from './what-words.ts';

type Entry = Item<'/audit'>;
const VALUE_CHARS_MAX = 5000;

const COLUMNS = new Set(['addedBy', 'addedAt']);

export function changeInShort({ before, after, comment }: Entry): string {
  if (comment !== '') return comment;
  const nothing = (value: unknown) => (value ?? null) === null;
  const whole = nothing(before) || nothing(after);
  // Of what came or went as a whole, columns of their own say who and when.
  const fields = changedFields(before, after).filter(
    ({ name, ...of }) => !whole || (!COLUMNS.has(name) && inText(nothing(before) ? of.after : of.before) !== '–'),
  );
  const told = fields.map((field) => {
    const change = nothing(before)
      ? inText(field.after)
      : nothing(after)
        ? inText(field.before)
        : `${inText(field.before)} → ${inText(field.after)}`;
    return field.name === '' ? change : `${field.name}: ${change}`;
  });
  return `${nothing(after) && told.length > 0 ? 'was ' : ''}${told.join(', ')}`;
}

export function ChangeDetail({ entry, onClose }: { entry: Entry | null; onClose: () => void }) {
  return (
    <Modal opened={entry !== null} onClose={onClose} size="lg" title={entry && whatInWords(entry.what)}>
      {entry && (
        <Stack>
          <Facts
            of={[
              ['Subject', <Untrusted text={entry.subject} />],
              ['When', exactTime(entry.at)],
              ['Who', <Untrusted text={entry.who} />],
              ['From', <Untrusted text={entry.origin === '' ? 'the daemon' : entry.origin} />],
              ['Kind', <Code>{entry.what}</Code>],
              ['Comment', entry.comment === '' ? null : <Untrusted text={entry.comment} max={2000} />],
            ]}
          />
          <Fields entry={entry} />
        </Stack>
      )}
    </Modal>
  );
}

function Fields({ entry: { before, after } }: { entry: Entry }) {
  const fields = changedFields(before, after);
  if (fields.length === 0) return <Text size="sm">Before and after are not recorded for this change.</Text>;
  return (
    <WideTable label="Before and after" minWidth={420}>
      <Table aria-label="Before and after">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Field</Table.Th>
            <Table.Th>Before</Table.Th>
            <Table.Th>After</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map(({ name, before, after }) => (
            <Table.Tr key={name}>
              <Table.Td>{visible(name)}</Table.Td>
              <Table.Td>
                <Untrusted text={inText(before)} max={VALUE_CHARS_MAX} />
              </Table.Td>
              <Table.Td>
                <Untrusted text={inText(after)} max={VALUE_CHARS_MAX} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
