/** The QR code of a new secret, and the first code that it makes. */
import { Button, Code, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { QrCode } from './qr-code.tsx';

interface EnrolFormProps {
  /** Base32. */
  secret: string;
  /** `otpauth://…` */
  url: string;
  onCodes: (recoveryCodes: string[]) => Promise<void>;
}

export function EnrolForm({ secret, url, onCodes }: EnrolFormProps) {
  const [code, setCode] = useState('');
  const confirm = useChange('post', '/account/second-factor/confirm');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { recoveryCodes } = await confirm.mutateAsync({ body: { code: code.trim() } });
    await onCodes(recoveryCodes);
  };
  return (
    <form onSubmit={(event) => void submit(event).catch(() => setCode(''))}>
      <Stack gap="sm">
        <Text size="sm">Scan this with an authenticator app, then type the code that it shows.</Text>
        <QrCode text={url} label="QR code for the authenticator" />
        <Text size="sm" c="dimmed">
          Or type in the secret: <Code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</Code>
        </Text>
        {confirm.error && <ProblemAlert error={confirm.error} />}
        <TextInput
          label="Code"
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          data-autofocus
          required
        />
        <Button type="submit" loading={confirm.isPending}>
          Switch on
        </Button>
      </Stack>
    </form>
  );
}
