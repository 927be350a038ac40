/** Puts an entry on a list, or changes its comment and end. What the daemon refuses is said in the form. */
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { announce } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { useSubmit } from '../../confirm/use-submit.ts';
import type { ListName } from '../../source/acts.ts';
import { counted } from '../../text/moments.ts';
import type { Entry } from './entry-acts.ts';
import { LIST_WORDS } from './list-words.ts';

/** As the daemon has it (COMMENT_MAX). */
const COMMENT_MAX = 500;
const DAY_MS = 86_400_000;
const ENDS = [
  { title: 'never', ms: null },
  { title: 'in an hour', ms: DAY_MS / 24 },
  { title: 'in a day', ms: DAY_MS },
  { title: 'in a week', ms: 7 * DAY_MS },
  { title: 'in 30 days', ms: 30 * DAY_MS },
] as const;
const AS_IT_IS = 'as it is';

export interface EntryFormProps {
  list: ListName;
  /** The entry to change; null: a new one; undefined: the form is closed. */
  entry: Entry | null | undefined;
  onClose: () => void;
}

export function EntryForm({ list, entry, onClose }: EntryFormProps) {
  const title = entry ? `Change ${entry.range}` : `Add to the ${list}list`;
  return (
    <Modal opened={entry !== undefined} onClose={onClose} title={title}>
      <Fields list={list} entry={entry ?? null} onDone={onClose} />
    </Modal>
  );
}

function Fields({ list, entry, onDone }: { list: ListName; entry: Entry | null; onDone: () => void }) {
  const queries = useQueryClient();
  const [range, setRange] = useState(entry?.range ?? '');
  const [comment, setComment] = useState(entry?.comment ?? '');
  const [end, setEnd] = useState<string>(entry ? AS_IT_IS : ENDS[0].title);

  const { submit, busy, problem } = useSubmit(async () => {
    const ms = ENDS.find(({ title }) => title === end)?.ms;
    const until = ms === undefined ? {} : { until: ms === null ? null : Date.now() + ms };
    const put = (yes: boolean) =>
      ask('post', '/lists/{list}', { path: { list }, body: { range: range.trim(), comment, ...until, yes } });
    const made = await insist(list === 'deny' ? 'Deny all the same' : 'Allow all the same', put);
    if (made === null) return;
    announce({ text: told(list, made) });
    await touch(queries, ['/lists/{list}', '/blocks', '/status', '/explain/{address}']);
    onDone();
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {!entry && (
          <TextInput
            label="Address"
            description={`An address, CIDR or first-last range${list === 'allow' ? ', or a host name' : ''}.`}
            placeholder={LIST_WORDS[list].placeholder}
            required
            data-autofocus
            value={range}
            onChange={({ currentTarget }) => setRange(currentTarget.value)}
          />
        )}
        <TextInput
          label="Comment"
          description="For those who read it later."
          maxLength={COMMENT_MAX}
          value={comment}
          onChange={({ currentTarget }) => setComment(currentTarget.value)}
        />
        <Select
          label="Ends"
          data={[...(entry ? [AS_IT_IS] : []), ...ENDS.map(({ title }) => title)]}
          value={end}
          allowDeselect={false}
          onChange={(value) => setEnd(value!)}
        />
        {problem && <ProblemAlert error={problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" color={list === 'deny' ? 'red' : undefined} loading={busy}>
            {entry ? 'Change' : 'Add'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function told(
  list: ListName,
  made: { entry: { range: string }; added: boolean; changed: boolean; overlaps: unknown[]; lifted: string[] },
): string {
  const { entry, added, changed, overlaps, lifted } = made;
  if (!added && !changed) return `${entry.range} was on the ${list}list already.`;
  const first = `${entry.range} ${added ? 'is on' : 'was changed on'} the ${list}list.`;
  const shared =
    overlaps.length > 0 ? ` It shares addresses with ${counted(overlaps.length, 'other entry', 'other entries')}.` : '';
  return `${first}${shared}${lifted.length > 0 ? ` ${counted(lifted.length, 'block')} lifted.` : ''}`;
}
