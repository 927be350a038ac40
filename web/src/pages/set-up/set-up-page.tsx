/** What a one-time link leads to (`/setup#SECRET`): the first account, or a password for one that exists. */
import { Button, Code, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, Navigate } from 'react-router';
import { useChange } from '../../api/hooks.ts';
import { useSessionQuery } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Alone } from '../../shell/alone.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Time } from '../../text/time.tsx';
import { CodeForm } from '../sign-in/code-form.tsx';
import { SetUpForm } from './set-up-form.tsx';

export function SetUpPage() {
  // The part behind # is never sent to a server and goes out of the address bar at once.
  const [secret] = useState(() => location.hash.slice(1));
  const [done, setDone] = useState(false);
  const [challenge, setChallenge] = useState<string | null>(null);
  const look = useChange('post', '/setup/link');
  const session = useSessionQuery();
  const { mutate } = look;
  useEffect(() => {
    if (secret === '') return;
    history.replaceState(history.state, '', '/setup');
    mutate({ body: { link: secret } });
  }, [secret, mutate]);

  if (done && session.data) return <Navigate to="/" replace />;
  if (challenge !== null) {
    return (
      <Alone title="The password is set">
        <CodeForm challenge={challenge} onBack={() => setChallenge(null)} />
      </Alone>
    );
  }
  if (done) return <Navigate to="/sign-in" replace />;
  if (secret === '' || look.error) {
    return (
      <Alone title="A one-time link is needed">
        <Stack gap="sm">
          {look.error && <ProblemAlert error={look.error} />}
          <Text size="sm">
            The daemon prints one at its first start. A new one, on the machine itself: <Code>ringfence web link</Code>
          </Text>
          <Button component={Link} to="/sign-in" variant="default">
            To the sign-in
          </Button>
        </Stack>
      </Alone>
    );
  }
  if (!look.data) return <PageLoader />;
  const { name, until } = look.data;
  return (
    <Alone
      title={name === null ? 'Welcome to Ringfence' : 'Choose a password'}
      text={
        <>
          {name === null ? 'Make the first account: its owner may do everything. ' : `For the account ${name}. `}
          The link ends <Time at={until} />.
        </>
      }
    >
      <SetUpForm secret={secret} name={name} onChallenge={setChallenge} onDone={() => setDone(true)} />
    </Alone>
  );
}
