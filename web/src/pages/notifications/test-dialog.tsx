/** Sends a test, and shows what the other side says of it. */
import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useChange } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { CHANNEL_TOUCHES } from './channels.ts';

const OUTCOMES = {
  delivered: { text: 'took it', color: 'teal' },
  retry: { text: 'did not take it now', color: 'yellow' },
  refused: { text: 'refused it', color: 'red' },
} as const;

export function TestDialog({ channel, onClose }: { channel: string | null; onClose: () => void }) {
  return (
    <Modal opened={channel !== null} onClose={onClose} title={`Test of ${channel ?? ''}`}>
      {channel !== null && <Test channel={channel} onClose={onClose} />}
    </Modal>
  );
}

function Test({ channel, onClose }: { channel: string; onClose: () => void }) {
  const { mutate, data, error, isPending } = useChange('post', '/notify/channels/{name}/test', {
    touches: CHANNEL_TOUCHES,
  });
  const send = () => mutate({ path: { name: channel } });
  // Opening the dialog is what sends; the button sends again.
  useEffect(() => mutate({ path: { name: channel } }), [mutate, channel]);
  return (
    <Stack gap="sm">
      <div aria-live="polite">
        {isPending && (
          <Group gap="xs">
            <Loader size="sm" />
            <Text size="sm">Waiting for the answer of the other side, a minute at most.</Text>
          </Group>
        )}
        {error && <ProblemAlert error={error} />}
        {data && !isPending && (
          <Stack gap="xs">
            {data.results.map(({ recipient, outcome, answer }) => (
              <Alert key={recipient} color={OUTCOMES[outcome].color}>
                <Text size="sm" fw={500}>
                  <Untrusted text={recipient} />: the other side {OUTCOMES[outcome].text}
                </Text>
                <Text size="sm">
                  <Untrusted text={answer} max={1000} />
                </Text>
              </Alert>
            ))}
            {data.results.length === 0 && <Text size="sm">The channel has no recipients.</Text>}
          </Stack>
        )}
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={send} loading={isPending}>
          Send again
        </Button>
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  );
}
