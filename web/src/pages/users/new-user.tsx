/** A new account; its owner gets a link. */
import { Button, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import type { Session } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import type { OneTimeLink } from './link-modal.tsx';

interface NewUserProps {
  opened: boolean;
  onClose: () => void;
  onLink: (link: OneTimeLink) => void;
}

export function NewUser(props: NewUserProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="New user">
      <UserForm {...props} />
    </Modal>
  );
}

function UserForm({ onClose, onLink }: NewUserProps) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Session['role']>('viewer');
  const add = useChange('post', '/users', { touches: ['/users'] });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const link = await add.mutateAsync({ body: { name: name.trim(), role } });
    onClose();
    onLink({ name: name.trim(), ...link });
  };
  return (
    <form onSubmit={(event) => void submit(event).catch(() => {})}>
      <Stack gap="md">
        {add.error && <ProblemAlert error={add.error} />}
        <TextInput
          label="Name"
          description="Letters, digits and . _ @ -"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          required
        />
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as Session['role'])}>
          <Stack gap={8} mt={6}>
            <Radio value="viewer" label="Viewer: sees everything, changes nothing" />
            <Radio value="administrator" label="Administrator: may do everything" />
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={add.isPending}>
          Make the user
        </Button>
      </Stack>
    </form>
  );
}
