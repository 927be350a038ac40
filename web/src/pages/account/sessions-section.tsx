/** Where this account is signed in; each other session can be ended. */
import { Badge, Button, Group } from '@mantine/core';
import { usePages, useChange } from '../../api/hooks.ts';
import { announce, announceProblem } from '../../confirm/confirm.tsx';
import { Section } from '../../shell/section.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Address } from '../../text/address.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';

export function SessionsSection() {
  const sessions = usePages('/account/sessions');
  const end = useChange('delete', '/account/sessions/{id}', { touches: ['/account/sessions'] });
  const endOne = (id: number) =>
    end
      .mutateAsync({ path: { id: String(id) } })
      .then(() => announce({ text: 'The session has ended.' }), announceProblem);
  return (
    <Section title="Sessions" text="Browsers that are signed in with this account.">
      <DataTable
        label="Sessions"
        pages={sessions}
        rowKey={({ id }) => String(id)}
        empty={null}
        columns={[
          {
            title: 'From',
            cell: ({ address, current }) => (
              <Group gap={8}>
                <Address of={address} />
                {current && <Badge color="teal">this one</Badge>}
              </Group>
            ),
          },
          { title: 'Browser', cell: ({ agent }) => <Untrusted text={agent} max={120} /> },
          { title: 'Since', nowrap: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
          { title: 'Last seen', nowrap: true, cell: ({ seenAt }) => <Time at={seenAt} /> },
          {
            title: 'End it',
            align: 'right',
            cell: ({ id, current }) =>
              !current && (
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => void endOne(id)}>
                  End
                </Button>
              ),
          },
        ]}
      />
    </Section>
  );
}
