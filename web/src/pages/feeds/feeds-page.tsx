/** Lists that others keep: watched first, blocked when they have proved themselves. */
import { Anchor, Badge, Button, Group, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconEye, IconPlus, IconRefresh, IconRss, IconShieldX, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/client.ts';
import { touch, usePages } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { announce, announceProblem, confirm } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { Page } from '../../shell/page.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { RowMenu } from '../../table/row-menu.tsx';
import { count, counted } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { put, sourceOf, takeOut, type Feed } from './feed-acts.ts';
import { FeedDetail } from './feed-detail.tsx';
import { FEED_TOUCHES, FeedForm } from './feed-form.tsx';

const REFRESH_MS = 10_000;

export function FeedsPage() {
  const mayConfigure = useMay('configure');
  const mayAct = useMay('act');
  const queries = useQueryClient();
  const feeds = usePages('/feeds', {}, { everyMs: REFRESH_MS });
  const [form, { open, close }] = useDisclosure();
  const [shown, setShown] = useState<string | null>(null);

  const doing = (change: () => Promise<unknown>) =>
    void change()
      .catch(announceProblem)
      .finally(() => void touch(queries, FEED_TOUCHES));
  const refresh = ({ name }: Feed) =>
    doing(async () => {
      const [feed] = await ask('post', '/feeds/{name}/refresh', { path: { name } });
      announce({
        text: feed.problem
          ? `${name}: ${feed.problem.text}`
          : `${name} has ${counted(feed.entries, 'entry', 'entries')}.`,
      });
    });
  const change = ({ name, hits }: Feed, action: Feed['action']) =>
    doing(async () => {
      const source = await sourceOf(name);
      if (!source) return;
      const hitText =
        hits === null
          ? 'Its hits are not known yet.'
          : `Its addresses sent ${counted(hits, 'packet')} while it was watched.`;
      if (
        action === 'block' &&
        !(await confirm({ title: `Block what ${name} lists?`, text: hitText, action: 'Block' }))
      )
        return;
      const done = await insist('Do it all the same', (yes) => put({ ...source, action }, yes));
      if (done === null) return;
      const undo = () => put(source, true).finally(() => touch(queries, FEED_TOUCHES));
      announce({ text: action === 'block' ? `What ${name} lists is blocked.` : `${name} is only watched.`, undo });
    });
  const remove = ({ name }: Feed) =>
    doing(async () => {
      const source = await sourceOf(name);
      await takeOut(name);
      const undo = source ? () => put(source, true).finally(() => touch(queries, FEED_TOUCHES)) : undefined;
      announce({ text: `The feed ${name} is taken out.`, undo });
    });

  const menu: Column<Feed> = {
    title: 'Actions',
    width: 64,
    cell: (feed) => (
      <RowMenu label={`Actions for ${feed.name}`}>
        <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => refresh(feed)}>
          Fetch now
        </Menu.Item>
        {mayConfigure && feed.action === 'watch' && (
          <Menu.Item leftSection={<IconShieldX size={15} />} color="red" onClick={() => change(feed, 'block')}>
            Block what it lists
          </Menu.Item>
        )}
        {mayConfigure && feed.action === 'block' && (
          <Menu.Item leftSection={<IconEye size={15} />} onClick={() => change(feed, 'watch')}>
            Only watch
          </Menu.Item>
        )}
        {mayConfigure && (
          <Menu.Item leftSection={<IconTrash size={15} />} color="red" onClick={() => remove(feed)}>
            Take it out
          </Menu.Item>
        )}
      </RowMenu>
    ),
  };
  return (
    <Page
      title="Feeds"
      text={`Lists of attackers that others keep, fetched on a schedule. The allowlist wins over every feed. ${mayConfigure ? '' : 'You may look, not change.'}`}
      actions={
        <>
          <CsvLink path="/feeds" />
          {mayConfigure && (
            <Button leftSection={<IconPlus size={15} />} onClick={open}>
              Add a feed
            </Button>
          )}
        </>
      }
    >
      <DataTable<Feed>
        label="Feeds"
        pages={feeds}
        rowKey={({ name }) => name}
        columns={[...columns(setShown), ...(mayAct ? [menu] : [])]}
        empty={
          <Empty
            icon={IconRss}
            title="There are no feeds"
            text="A feed is a URL or a file with addresses, one a line. Begin with “watch”: it counts how often the feed would have hit, and blocks nobody."
            action={
              mayConfigure && (
                <Button mt="xs" onClick={open}>
                  Add the first
                </Button>
              )
            }
          />
        }
      />
      <FeedForm opened={form} onClose={close} />
      <FeedDetail name={shown} onClose={() => setShown(null)} />
    </Page>
  );
}

function columns(show: (name: string) => void): Column<Feed>[] {
  return [
    {
      title: 'Name',
      cell: ({ name }) => (
        <Anchor component="button" inherit onClick={() => show(name)}>
          <Untrusted text={name} />
        </Anchor>
      ),
    },
    {
      title: 'Action',
      cell: ({ action }) => <Badge color={action === 'block' ? 'red' : 'gray'}>{action}</Badge>,
    },
    { title: 'Entries', align: 'right', cell: ({ entries }) => count(entries) },
    { title: 'Hits', align: 'right', cell: ({ hits }) => (hits === null ? '–' : count(hits)) },
    { title: 'Confirmed', nowrap: true, cell: ({ confirmedAt }) => <Time at={confirmedAt} empty="never" /> },
    { title: 'Next', nowrap: true, cell: ({ nextAt }) => <Time at={nextAt} empty="not planned" /> },
    {
      title: 'From',
      cell: ({ from, problem }) => (
        <Group gap={8}>
          <Untrusted text={from} max={60} />
          {problem && <Badge color="yellow">{problem.code}</Badge>}
        </Group>
      ),
    },
  ];
}
