/** Who is told, whether it arrives, and what waits. */
import { Anchor, Badge, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconBell, IconKey, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { usePages } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { RowMenu } from '../../table/row-menu.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { KINDS, SECRETS, STATES, type Channel } from './channels.ts';
import { Outbox } from './outbox.tsx';
import { SecretForm } from './secret-form.tsx';
import { TestDialog } from './test-dialog.tsx';

const REFRESH_MS = 10_000;
const SETTINGS = '/protection?tab=notifications';

export function NotificationsPage() {
  const mayAct = useMay('act');
  const mayConfigure = useMay('configure');
  const channels = usePages('/notify/channels', {}, { everyMs: REFRESH_MS });
  const [tested, setTested] = useState<string | null>(null);
  const [keyed, setKeyed] = useState<Channel | null>(null);

  const menu: Column<Channel> = {
    title: 'Actions',
    width: 64,
    cell: (channel) => (
      <RowMenu label={`Actions for ${channel.name}`}>
        <Menu.Item leftSection={<IconSend size={15} />} onClick={() => setTested(channel.name)}>
          Send a test
        </Menu.Item>
        {mayConfigure && (
          <Menu.Item leftSection={<IconKey size={15} />} onClick={() => setKeyed(channel)}>
            Set its secret
          </Menu.Item>
        )}
      </RowMenu>
    ),
  };
  const toSettings = (
    <Button component={Link} to={SETTINGS} variant="default" leftSection={<IconAdjustmentsHorizontal size={15} />}>
      Settings
    </Button>
  );
  return (
    <Page
      title="Notifications"
      text={
        <>
          Who is told of attacks, over which channels, and whether it arrives. The{' '}
          <Anchor component={Link} to="/reports" inherit underline="always">
            daily report
          </Anchor>{' '}
          goes the same ways.
        </>
      }
      actions={toSettings}
    >
      <DataTable<Channel>
        label="Channels"
        pages={channels}
        rowKey={({ name }) => name}
        columns={mayAct ? [...COLUMNS, menu] : COLUMNS}
        empty={
          <Empty
            icon={IconBell}
            title="Nobody is told"
            text="Add a mail account, a webhook (Slack, Mattermost, Teams, Telegram, PagerDuty), a syslog server or a program of your own."
            action={
              mayConfigure && (
                <Button mt="xs" component={Link} to={SETTINGS}>
                  Add a channel
                </Button>
              )
            }
          />
        }
      />
      <Outbox />
      <TestDialog channel={tested} onClose={() => setTested(null)} />
      <SecretForm channel={keyed} onClose={() => setKeyed(null)} />
    </Page>
  );
}

const COLUMNS: Column<Channel>[] = [
  {
    title: 'Channel',
    cell: ({ name, kind }) => (
      <Group gap={8}>
        <Untrusted text={name} />
        <Badge color="gray">{KINDS[kind]}</Badge>
      </Group>
    ),
  },
  {
    title: 'State',
    cell: ({ state, problem }) => (
      <Stack gap={2}>
        <Badge color={STATES[state].color} miw="max-content">
          {STATES[state].name}
        </Badge>
        {problem && (
          <Text size="sm">
            <Untrusted text={problem.answer} max={200} />{' '}
            <Text span inherit c="dimmed">
              (<Time at={problem.at} />, {count(problem.tries)} {problem.tries === 1 ? 'try' : 'tries'})
            </Text>
          </Text>
        )}
      </Stack>
    ),
  },
  { title: 'To', cell: ({ recipients, destination }) => <To {...{ recipients, destination }} /> },
  { title: 'Delivered', nowrap: true, cell: ({ deliveredAt }) => <Time at={deliveredAt} empty="nothing yet" /> },
  { title: 'Waiting', align: 'right', cell: ({ waiting, held }) => <Waiting {...{ waiting, held }} /> },
  {
    title: 'Secret',
    nowrap: true,
    cell: ({ secret }) =>
      secret === 'other-destination' ? <Badge color="yellow">other server</Badge> : SECRETS[secret],
  },
];

function To({ recipients, destination }: Pick<Channel, 'recipients' | 'destination'>) {
  return (
    <>
      <Untrusted text={recipients.join(', ')} max={120} />
      <Text size="xs" c="dimmed">
        <Untrusted text={destination} max={80} />
      </Text>
    </>
  );
}

function Waiting({ waiting, held }: Pick<Channel, 'waiting' | 'held'>) {
  return (
    <>
      {count(waiting)}
      {held > 0 && (
        <Text size="xs" c="dimmed">
          and {count(held)} for the digest
        </Text>
      )}
    </>
  );
}
