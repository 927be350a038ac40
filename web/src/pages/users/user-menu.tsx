/** What can be done with an account. The daemon keeps the last administrator. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { touch, type Item } from '../../api/hooks.ts';
import { announce, announceProblem, confirm } from '../../confirm/confirm.tsx';
import type { OneTimeLink } from './link-modal.tsx';

type User = Item<'/users'>;

export function UserMenu({ user, onLink }: { user: User; onLink: (link: OneTimeLink) => void }) {
  const { name, role, disabled, secondFactor } = user;
  const queries = useQueryClient();
  const path = { name };

  const act = async (change: () => Promise<unknown>, told?: string) => {
    try {
      await change();
      if (told) announce({ text: told });
    } catch (error) {
      announceProblem(error);
    }
    await touch(queries, ['/users']);
  };
  const change = (body: { role?: User['role']; disabled?: boolean }, told: string) =>
    act(() => ask('patch', '/users/{name}', { path, body }), told);
  const link = (removesSecondFactor: boolean) =>
    act(async () =>
      onLink({ name, ...(await ask('post', '/users/{name}/link', { path, body: { removesSecondFactor } })) }),
    );
  const linkWithoutFactor = async () => {
    const text = `Whoever opens the link needs no code of ${name}'s authenticator any more. Make sure that it is ${name} who asks for it.`;
    if (await confirm({ title: 'Remove the second factor?', text, action: 'Make the link' })) await link(true);
  };
  const remove = async () => {
    const text = `${name} is signed out at once; the tokens of the account are good no more. This cannot be undone.`;
    if (!(await confirm({ title: `Remove ${name}?`, text, action: 'Remove' }))) return;
    await act(() => ask('delete', '/users/{name}', { path }), `${name} is removed.`);
  };
  const other = role === 'administrator' ? 'viewer' : 'administrator';

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Change ${name}`}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void change({ role: other }, `${name} is ${other} now.`)}>Make {other}</Menu.Item>
        <Menu.Item onClick={() => void link(false)}>Link for a new password</Menu.Item>
        {secondFactor && (
          <Menu.Item onClick={() => void linkWithoutFactor()}>Link that removes the second factor</Menu.Item>
        )}
        <Menu.Divider />
        {disabled ? (
          <Menu.Item onClick={() => void change({ disabled: false }, `${name} may sign in again.`)}>Enable</Menu.Item>
        ) : (
          <Menu.Item onClick={() => void change({ disabled: true }, `${name} is signed out and may not sign in.`)}>
            Disable
          </Menu.Item>
        )}
        <Menu.Item color="red" onClick={() => void remove()}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
