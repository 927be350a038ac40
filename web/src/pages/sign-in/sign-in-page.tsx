/** Name and password, then a code where the account wants one; back to the page that was asked for. */
import { Alert, Code, Text } from '@mantine/core';
import { useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { useGet } from '../../api/hooks.ts';
import { useSessionQuery } from '../../api/session.ts';
import { Alone } from '../../shell/alone.tsx';
import { CodeForm } from './code-form.tsx';
import { localPath } from './local-path.ts';
import { PasswordForm } from './password-form.tsx';

export function SignInPage() {
  const session = useSessionQuery();
  const [params] = useSearchParams();
  const [challenge, setChallenge] = useState<string | null>(null);
  if (session.data) return <Navigate to={localPath(params.get('from'))} replace />;
  return (
    <Alone title="Sign in to Ringfence">
      {challenge === null ? (
        <>
          <FirstStart />
          <PasswordForm onChallenge={setChallenge} />
        </>
      ) : (
        <CodeForm challenge={challenge} onBack={() => setChallenge(null)} />
      )}
    </Alone>
  );
}

/** On a fresh machine nobody has a password. */
function FirstStart() {
  const { data } = useGet('/setup');
  if (!data?.open) return null;
  return (
    <Alert title="There is no account yet">
      <Text size="sm">
        Open the one-time link that the daemon printed at its start. A new one, on the machine itself:{' '}
        <Code>ringfence web link</Code>
      </Text>
    </Alert>
  );
}
