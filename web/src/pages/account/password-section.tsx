/** Another password; all other sessions end. */
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import { useBegin, useSession } from '../../api/session.ts';
import { announce } from '../../confirm/confirm.tsx';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Section } from '../../shell/section.tsx';
import { NewPassword } from './new-password.tsx';

export function PasswordSection() {
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');
  const [twice, setTwice] = useState(false);
  // Empties the form: the field for the repetition is the form's own.
  const [round, setRound] = useState(0);
  const change = useChange('put', '/account/password', { touches: ['/account/sessions'] });
  const begin = useBegin();
  const { name } = useSession();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    begin(await change.mutateAsync({ body: { password, next } }));
    setPassword('');
    setNext('');
    setRound(round + 1);
    announce({ text: 'The password is changed; your other sessions have ended.' });
  };
  return (
    <Section title="Password" text="When it changes, all your other sessions end.">
      <form key={round} onSubmit={(event) => void submit(event).catch(() => {})}>
        <Stack gap="sm" maw={380}>
          {change.error && <ProblemAlert error={change.error} />}
          <input type="text" autoComplete="username" value={name} readOnly hidden />
          <PasswordInput
            label="Password now"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            autoComplete="current-password"
            required
          />
          <NewPassword value={next} onChange={setNext} onTwice={setTwice} />
          <div>
            <Button type="submit" loading={change.isPending} disabled={!twice || password === ''}>
              Change the password
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  );
}
