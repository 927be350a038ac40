/** Adds a feed, or changes the one of this name, and says what the first fetch came to. */
import { Button, Group, Modal, Radio, Select, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { touch } from '../../api/hooks.ts';
import { announce } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { useSubmit } from '../../confirm/use-submit.ts';
import { counted } from '../../text/moments.ts';
import { put, type Feed, type FeedSource } from './feed-acts.ts';

const PERIODS = ['15m', '1h', '6h', '1d'];

export const FEED_TOUCHES = [
  '/feeds',
  '/feeds/{name}',
  '/policy',
  '/policy/value',
  '/policy/versions',
  '/status',
] as const;

export function FeedForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a feed">
      <Fields onDone={onClose} />
    </Modal>
  );
}

function Fields({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [place, setPlace] = useState('');
  const [every, setEvery] = useState('1h');
  const [action, setAction] = useState<Feed['action']>('watch');

  const { submit, busy, problem } = useSubmit(async () => {
    const where = place.trim();
    const source: FeedSource = {
      ...{ name: name.trim(), every, action },
      ...(where.startsWith('/') ? { url: '', file: where } : { url: where, file: '' }),
    };
    const made = await insist('Add it all the same', (yes) => put(source, yes));
    if (made === null) return;
    announce({ text: `The feed ${made.name} is added: ${outcome(made.feed)}` });
    await touch(queries, FEED_TOUCHES);
    onDone();
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="For you: small letters, digits and hyphens."
          placeholder="voip-blacklist"
          required
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label="URL or file"
          description="One address a line, CSV, or what ipset save prints; may be gzipped. A path is a file on the firewall itself."
          placeholder="https://lists.example.org/sip.txt"
          required
          value={place}
          onChange={({ currentTarget }) => setPlace(currentTarget.value)}
        />
        <Select
          label="Fetch again every"
          data={PERIODS}
          value={every}
          allowDeselect={false}
          onChange={(value) => setEvery(value!)}
        />
        <Radio.Group label="Action" value={action} onChange={(value) => setAction(value as Feed['action'])}>
          <Stack gap={6} mt={6}>
            <Radio value="watch" label="Watch: only count how often it would have hit. The way to begin." />
            <Radio value="block" label="Block: its addresses reach no protected port." />
          </Stack>
        </Radio.Group>
        {problem && <ProblemAlert error={problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Add and fetch
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function outcome(feed: Feed | null): string {
  if (feed === null || feed.problem) return feed?.problem?.text ?? 'it has not been fetched yet.';
  return `${counted(feed.entries, 'entry', 'entries')} in force.`;
}
