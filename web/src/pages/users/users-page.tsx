/** Who may come in, and as what. */
import { Badge, Button, Group } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { usePages } from '../../api/hooks.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { Time } from '../../text/time.tsx';
import { LinkModal, type OneTimeLink } from './link-modal.tsx';
import { NewUser } from './new-user.tsx';
import { UserMenu } from './user-menu.tsx';

export function UsersPage() {
  const mayAccounts = useMay('accounts');
  if (!mayAccounts) {
    return (
      <Page title="Users">
        <Empty
          icon={IconUsers}
          title="Only administrators see the users"
          text="Your own password, second factor and sessions are under “Your account”."
        />
      </Page>
    );
  }
  return <AllUsers />;
}

function AllUsers() {
  const { name: self } = useSession();
  const users = usePages('/users');
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<OneTimeLink | null>(null);
  return (
    <Page
      title="Users"
      text="Administrators may do everything, viewers see everything and change nothing. People choose their own passwords with a one-time link."
      actions={<Button onClick={() => setAdding(true)}>New user</Button>}
    >
      <DataTable
        label="Users"
        pages={users}
        rowKey={({ name }) => name}
        empty={<Empty icon={IconUsers} title="There is no user" text="Make one for everybody who works here." />}
        columns={[
          {
            title: 'Name',
            cell: ({ name, disabled }) => (
              <Group gap={8}>
                {name}
                {name === self && <Badge color="teal">you</Badge>}
                {disabled && <Badge color="red">disabled</Badge>}
              </Group>
            ),
          },
          {
            title: 'Role',
            cell: ({ role }) => <Badge color={role === 'administrator' ? 'accent' : 'gray'}>{role}</Badge>,
          },
          {
            title: 'Password',
            cell: ({ hasPassword }) => (hasPassword ? 'set' : <Badge color="yellow">link not used yet</Badge>),
          },
          { title: 'Second factor', cell: ({ secondFactor }) => (secondFactor ? 'on' : 'off') },
          { title: 'Last sign-in', nowrap: true, cell: ({ signedInAt }) => <Time at={signedInAt} empty="never" /> },
          { title: 'Since', nowrap: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
          { title: 'Change', align: 'right', cell: (user) => <UserMenu user={user} onLink={setLink} /> },
        ]}
      />
      <NewUser opened={adding} onClose={() => setAdding(false)} onLink={setLink} />
      <LinkModal link={link} onClose={() => setLink(null)} />
    </Page>
  );
}
