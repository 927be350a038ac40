/** Name (of the first account) and password. */
import { Button, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import { useBegin } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { NewPassword } from '../account/new-password.tsx';

interface SetUpFormProps {
  secret: string;
  /** Null: still to be chosen. */
  name: string | null;
  /** The account has a second factor: a code is wanted before it is signed in. */
  onChallenge: (challenge: string) => void;
  onDone: () => void;
}

export function SetUpForm({ secret, name, onChallenge, onDone }: SetUpFormProps) {
  const [chosen, setChosen] = useState('');
  const [password, setPassword] = useState('');
  const [twice, setTwice] = useState(false);
  const useLink = useChange('post', '/setup');
  const begin = useBegin();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = { link: secret, password, ...(name === null ? { name: chosen.trim() } : {}) };
    const { session, challenge } = await useLink.mutateAsync({ body });
    if (session) begin(session);
    else if (challenge !== null) onChallenge(challenge);
    onDone();
  };
  return (
    <form onSubmit={(event) => void submit(event).catch(() => {})}>
      <Stack gap="sm">
        {useLink.error && <ProblemAlert error={useLink.error} />}
        {name === null ? (
          <TextInput
            label="Your name"
            description="Letters, digits and . _ @ -"
            value={chosen}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
          />
        ) : (
          // For password managers: which account this password belongs to.
          <input type="text" autoComplete="username" value={name} readOnly hidden />
        )}
        <NewPassword value={password} onChange={setPassword} onTwice={setTwice} />
        <Button type="submit" loading={useLink.isPending} disabled={!twice} fullWidth mt="xs">
          {name === null ? 'Make the account' : 'Set the password'}
        </Button>
      </Stack>
    </form>
  );
}
