/** The second step: a code of the authenticator, or one of the recovery codes. */
import { Anchor, Button, Group, PinInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import { useBegin } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';

const DIGITS = 6;

export function CodeForm({ challenge, onBack }: { challenge: string; onBack: () => void }) {
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const step = useChange('post', '/session/second-factor');
  const begin = useBegin();

  const send = async (text: string) => {
    try {
      const { session } = await step.mutateAsync({ body: { challenge, code: text.trim() } });
      if (session) begin(session);
    } catch {
      setCode('');
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(code);
  };
  const over = step.error?.code === 'challenge-unknown';
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {step.error && <ProblemAlert error={step.error} />}
        {recovery ? (
          <TextInput
            label="Recovery code"
            description="One of the codes that you kept when you switched the second factor on. Each is good once."
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            required
            autoFocus
          />
        ) : (
          <div>
            <Text size="sm" fw={500} mb={6}>
              Code of your authenticator
            </Text>
            <PinInput
              key={step.failureCount}
              length={DIGITS}
              type="number"
              oneTimeCode
              autoFocus
              value={code}
              onChange={setCode}
              onComplete={(text) => void send(text)}
              getInputProps={(index: number) => ({ 'aria-label': `Digit ${index + 1} of ${DIGITS}` })}
              disabled={step.isPending}
            />
          </div>
        )}
        <Button type="submit" loading={step.isPending} disabled={over || code === ''} fullWidth mt="xs">
          Sign in
        </Button>
        <Group justify="space-between">
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            Back to the password
          </Anchor>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => {
              setRecovery(!recovery);
              setCode('');
            }}
          >
            {recovery ? 'Use the authenticator' : 'Use a recovery code'}
          </Anchor>
        </Group>
      </Stack>
    </form>
  );
}
