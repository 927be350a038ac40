/** Filters with a name: each person has their own. A view is a link, so that it opens in a new window, too. */
import { ActionIcon, Anchor, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { IconBookmark, IconX } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { ask, type Answer } from '../../api/client.ts';
import { touch, useGet } from '../../api/hooks.ts';
import { announce, announceProblem } from '../../confirm/confirm.tsx';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { visible } from '../../text/escape.ts';
import { described, isFiltered, pathOf, type AttackFilters } from './filters.ts';

type View = Answer<'/views'>['items'][number];

/** As the daemon has it (NAME_MAX). */
const NAME_MAX = 60;

export function SavedViews({ filters }: { filters: AttackFilters }) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <Popover opened={opened} onDismiss={close} position="bottom-end" width={300} trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={15} />} onClick={toggle}>
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <Stack gap="sm">
          <List onChoose={close} />
          {isFiltered(filters) ? (
            <Save filters={filters} />
          ) : (
            <Text size="xs" c="dimmed">
              Choose filters, and save them here under a name.
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function List({ onChoose }: { onChoose: () => void }) {
  const { data, error, refetch } = useGet('/views');
  const queries = useQueryClient();
  const put = ({ name, filter }: View) =>
    ask('put', '/views', { body: { name, filter: filter as Record<string, string> } });
  const remove = async (view: View) => {
    const { name } = view;
    try {
      await ask('delete', '/views/{name}', { path: { name } });
      announce({
        text: `The view ${visible(name)} is removed.`,
        undo: () => put(view).then(() => touch(queries, ['/views'])),
      });
    } catch (problem) {
      announceProblem(problem);
    }
    await touch(queries, ['/views']);
  };
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!data || data.items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No saved view yet.
      </Text>
    );
  }
  return (
    <Stack gap={2} component="ul" p={0} m={0} mah={260} style={{ listStyle: 'none', overflowY: 'auto' }}>
      {data.items.map((view) => (
        <Group key={view.name} component="li" justify="space-between" wrap="nowrap" gap="xs">
          <Anchor
            component={Link}
            to={pathOf(view.filter as AttackFilters)}
            size="sm"
            truncate
            title={visible(described(view.filter as AttackFilters).join(', '))}
            onClick={onChoose}
          >
            {visible(view.name)}
          </Anchor>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Remove the view ${visible(view.name)}`}
            onClick={() => void remove(view)}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
    </Stack>
  );
}

function Save({ filters }: { filters: AttackFilters }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await ask('put', '/views', { body: { name: name.trim(), filter: filters as Record<string, string> } });
      announce({ text: `The view ${visible(name.trim())} is saved.` });
      setName('');
    } catch (problem) {
      announceProblem(problem);
    }
    await touch(queries, ['/views']);
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          size="xs"
          label="Save these filters as"
          placeholder="Attacks on Vienna"
          required
          maxLength={NAME_MAX}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button size="xs" type="submit">
          Save
        </Button>
      </Group>
    </form>
  );
}
