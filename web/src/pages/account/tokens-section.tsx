/** Tokens of programs: what there are, a new one, away with one. */
import { Badge, Button, Group } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange, usePages } from '../../api/hooks.ts';
import { announce, announceProblem, confirm } from '../../confirm/confirm.tsx';
import { Section } from '../../shell/section.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { NewToken } from './new-token.tsx';

export function TokensSection() {
  const [adding, setAdding] = useState(false);
  const tokens = usePages('/tokens');
  const remove = useChange('delete', '/tokens/{id}', { touches: ['/tokens'] });
  const removeOne = async (id: number, name: string) => {
    const text = `What uses the token ${name} is shut out at once.`;
    if (!(await confirm({ title: 'Remove this token?', text, action: 'Remove' }))) return;
    await remove
      .mutateAsync({ path: { id: String(id) } })
      .then(() => announce({ text: 'The token is removed.' }), announceProblem);
  };
  return (
    <Section
      title="API tokens"
      text="For programs that ask the API without a person; of all accounts. A token does what its scopes say, and never more than its owner may."
      actions={<Button onClick={() => setAdding(true)}>New token</Button>}
    >
      <DataTable
        label="API tokens"
        pages={tokens}
        rowKey={({ id }) => String(id)}
        empty={
          <Empty
            icon={IconKey}
            title="There is no token"
            text="Make one for a monitoring system (read), or for a script that blocks and allows (act)."
          />
        }
        columns={[
          { title: 'Name', cell: ({ name }) => <Untrusted text={name} /> },
          {
            title: 'May',
            cell: ({ scopes }) => (
              <Group gap={4}>
                {scopes.map((scope) => (
                  <Badge key={scope} color="gray">
                    {scope}
                  </Badge>
                ))}
              </Group>
            ),
          },
          { title: 'Owner', cell: ({ owner }) => (owner === null ? 'this machine' : <Untrusted text={owner} />) },
          { title: 'Last used', nowrap: true, cell: ({ usedAt }) => <Time at={usedAt} empty="never" /> },
          { title: 'Ends', nowrap: true, cell: ({ until }) => <Time at={until} empty="never" /> },
          {
            title: 'Remove it',
            align: 'right',
            cell: ({ id, name }) => (
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => void removeOne(id, name)}>
                Remove
              </Button>
            ),
          },
        ]}
      />
      <NewToken opened={adding} onClose={() => setAdding(false)} />
    </Section>
  );
}
