/** The first step. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import { useBegin } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';

export function PasswordForm({ onChallenge }: { onChallenge: (challenge: string) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useChange('post', '/session');
  const begin = useBegin();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { session, challenge } = await signIn.mutateAsync({ body: { name: name.trim(), password } });
    if (session) begin(session);
    else if (challenge !== null) onChallenge(challenge);
  };
  return (
    <form onSubmit={(event) => void submit(event).catch(() => setPassword(''))}>
      <Stack gap="sm">
        {signIn.error && <ProblemAlert error={signIn.error} />}
        <TextInput
          label="Name"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
        />
        <PasswordInput
          label="Password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          autoComplete="current-password"
          required
        />
        <Button type="submit" loading={signIn.isPending} fullWidth mt="xs">
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
