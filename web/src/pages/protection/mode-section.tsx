/** Protect or only watch: the one switch that decides whether anything is blocked at all. */
import { Button, Group, Text } from '@mantine/core';
import { IconEye, IconShieldCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { announce, announceProblem, confirm } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { Section } from '../../shell/section.tsx';
import { POLICY_TOUCHES } from './roll-back.ts';

type Mode = 'protect' | 'monitor';

export function ModeSection({ mode, may }: { mode: Mode; may: boolean }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const protect = mode === 'protect';
  const put = async (to: Mode, yes: boolean) => {
    const made = await ask('put', '/policy/value', { body: { path: 'mode', value: to, comment: '', yes } });
    await touch(queries, POLICY_TOUCHES);
    return made;
  };
  const change = async () => {
    const to = protect ? 'monitor' : 'protect';
    const lifts =
      'Everything is still detected and logged, but nothing is dropped any more: attackers reach the PBX, the denylist and the countries too.';
    if (protect && !(await confirm({ title: 'Only watch?', text: lifts, action: 'Only watch' }))) return;
    setBusy(true);
    try {
      const made = await insist('Protect all the same', (yes) => put(to, yes));
      if (made !== null) {
        announce({
          text: protect ? 'Nothing is blocked now.' : 'Attackers are blocked now.',
          undo: () => put(mode, true),
        });
      }
    } catch (error) {
      announceProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section
      title={protect ? 'Attackers are blocked' : 'Monitor only: nothing is blocked'}
      actions={
        may && (
          <Button
            variant={protect ? 'default' : 'filled'}
            loading={busy}
            leftSection={protect ? <IconEye size={15} /> : <IconShieldCheck size={15} />}
            onClick={() => void change()}
          >
            {protect ? 'Switch to monitor only' : 'Protect now'}
          </Button>
        )
      }
    >
      <Group>
        <Text size="sm" c="dimmed">
          {protect
            ? 'What crosses a threshold is dropped in the kernel. To try settings without risk, switch to monitor only: it detects and logs, and drops nothing.'
            : 'Everything is detected and logged as if it were blocked, so that you can see whom the settings below would hit.'}
        </Text>
      </Group>
    </Section>
  );
}
