/** Blocks an address by hand. What the daemon refuses (its own address, the allowlist …) is said in the form. */
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { touch } from '../../api/hooks.ts';
import { announce } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { useSubmit } from '../../confirm/use-submit.ts';
import * as acts from '../../source/acts.ts';
import { LENGTHS } from '../../source/lengths.ts';

/** As the daemon has it (COMMENT_MAX). */
const REASON_MAX = 500;

export function BlockForm({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Block an address">
      <Fields onDone={onClose} />
    </Modal>
  );
}

function Fields({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const [address, setAddress] = useState('');
  const [length, setLength] = useState(LENGTHS[1].title);
  const [reason, setReason] = useState('');

  const { submit, busy, problem } = useSubmit(async () => {
    const ms = LENGTHS.find(({ title }) => title === length)!.ms;
    const act = acts.block(ms, reason.trim());
    const target = address.trim();
    const made = await insist(act.insist, (yes) => act.run(target, yes));
    if (made === null) return;
    const undo = act.back(target, made)!;
    announce({ text: act.told(target, false), undo: () => undo().finally(() => touch(queries, ['/blocks'])) });
    await touch(queries, ['/blocks', '/status', '/explain/{address}']);
    onDone();
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Address"
          description="One IPv4 or IPv6 address. Networks go on the denylist."
          placeholder="203.0.113.66"
          required
          data-autofocus
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
        />
        <Select
          label="How long"
          data={LENGTHS.map(({ title }) => title)}
          value={length}
          onChange={(value) => setLength(value!)}
          comboboxProps={{ withinPortal: true }}
        />
        <TextInput
          label="Reason"
          description="For those who read it later."
          maxLength={REASON_MAX}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        {problem && <ProblemAlert error={problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" color="red.9" loading={busy}>
            Block
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
