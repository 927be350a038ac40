/** The password again: an unattended browser must not give the account away. */
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { ApiError } from '../../api/problem.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';

export function PasswordPrompt({ onPassword }: { onPassword: (password: string) => Promise<void> }) {
  const [password, setPassword] = useState('');
  const attempt = useMutation<void, ApiError, string>({ mutationFn: onPassword });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {attempt.error && <ProblemAlert error={attempt.error} />}
        <PasswordInput
          label="Your password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          autoComplete="current-password"
          data-autofocus
          required
        />
        <Button type="submit" loading={attempt.isPending}>
          Continue
        </Button>
      </Stack>
    </form>
  );
}
