/** A new token: name, what it may do, until when; then its secret, once. */
import { Button, Checkbox, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../api/hooks.ts';
import type { Scope } from '../../api/session.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { ShownOnce } from '../../confirm/shown-once.tsx';

const DAY = 86_400_000;
const SCOPES: [Scope, string][] = [
  ['read', 'See everything'],
  ['act', 'Block, lift, change the lists'],
  ['configure', 'Change policy, countries and feeds'],
  ['accounts', 'Manage users and tokens'],
];
const LENGTHS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '', label: 'No end' },
];

export function NewToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New token" closeOnClickOutside={false}>
      <TokenForm onClose={onClose} />
    </Modal>
  );
}

function TokenForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['read']);
  const [days, setDays] = useState('90');
  const add = useChange('post', '/tokens', { touches: ['/tokens'] });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = days === '' ? null : Date.now() + Number(days) * DAY;
    add.mutate({ body: { name, scopes: scopes as Scope[], until } });
  };
  if (add.data) {
    return (
      <Stack>
        <ShownOnce label="Goes with each request as: Authorization: Bearer …" text={add.data.secret} />
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {add.error && <ProblemAlert error={add.error} />}
        <TextInput
          label="Name"
          description="What uses it: prometheus, crm-sync …"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          maxLength={100}
          data-autofocus
          required
        />
        <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
          <Stack gap={8} mt={6}>
            {SCOPES.map(([scope, means]) => (
              <Checkbox key={scope} value={scope} label={`${scope}: ${means.toLowerCase()}`} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select label="Good for" data={LENGTHS} value={days} onChange={(value) => setDays(value ?? '')} />
        <Button type="submit" loading={add.isPending} disabled={scopes.length === 0}>
          Make the token
        </Button>
      </Stack>
    </form>
  );
}
