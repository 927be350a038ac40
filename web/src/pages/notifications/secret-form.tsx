/** The password or key of a channel: written, never shown. */
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { announce } from '../../confirm/confirm.tsx';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { useSubmit } from '../../confirm/use-submit.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import { CHANNEL_TOUCHES, SECRETS, type Channel } from './channels.ts';

export function SecretForm({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  return (
    <Modal opened={channel !== null} onClose={onClose} title={`Secret of ${channel?.name ?? ''}`}>
      {channel && <Fields channel={channel} onDone={onClose} />}
    </Modal>
  );
}

function Fields({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const queries = useQueryClient();
  const [secret, setSecret] = useState('');
  const path = { name: channel.name };
  const done = async (text: string) => {
    announce({ text });
    await touch(queries, CHANNEL_TOUCHES);
    onDone();
  };
  const setting = useSubmit(async () => {
    await ask('put', '/notify/channels/{name}/secret', { path, body: { secret } });
    await done(`The secret of ${channel.name} is set. Send a test to see whether it is right.`);
  });
  const forgetting = useSubmit(async () => {
    await ask('delete', '/notify/channels/{name}/secret', { path });
    await done(`The secret of ${channel.name} is forgotten.`);
  });
  const problem = setting.problem ?? forgetting.problem;
  return (
    <form onSubmit={setting.submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          The password of a mail account, the key of a webhook. It counts for <Untrusted text={channel.destination} />{' '}
          alone and is never shown again. Now: {SECRETS[channel.secret]}.
        </Text>
        <PasswordInput
          label="New secret"
          value={secret}
          onChange={({ currentTarget }) => setSecret(currentTarget.value)}
          autoComplete="off"
          required
          data-autofocus
        />
        {problem && <ProblemAlert error={problem} />}
        <Group justify="space-between" gap="xs">
          <Button
            variant="subtle"
            color="red"
            disabled={channel.secret === 'none'}
            loading={forgetting.busy}
            onClick={() => forgetting.submit()}
          >
            Forget it
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
            <Button type="submit" loading={setting.busy} disabled={secret === ''}>
              Set it
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
