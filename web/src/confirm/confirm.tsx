/**
 * Before something that hurts: `if (await confirm({ title, text, action: 'Lift the block' })) …`. After something that can be taken back:
 * `announce({ text: '203.0.113.7 is no longer blocked.', undo: () => … })`. When it went wrong: `announceProblem(error)`.
 */
import { Button, Group, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { hintWords } from '../text/commands.ts';
import { visible } from '../text/escape.ts';

/** Time to read a sentence and to reach the button. */
const UNDO_MS = 12_000;
const ANNOUNCE_MS = 5000;

export interface Question {
  title: string;
  text: ReactNode;
  /** What the button does, as a verb: “Lift the block”. */
  action: string;
  /** Red; the default. */
  danger?: boolean;
}

/** True: the person said yes. */
export function confirm({ title, text, action, danger = true }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: typeof text === 'string' ? <Text size="sm">{text}</Text> : text,
      labels: { confirm: action, cancel: 'Cancel' },
      // White on a lighter red has too little contrast.
      confirmProps: { color: danger ? 'red.9' : undefined },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}

export interface Announcement {
  text: string;
  undo?: () => Promise<unknown>;
}

export function announce({ text, undo }: Announcement): void {
  if (!undo) {
    notifications.show({ message: text, color: 'teal', autoClose: ANNOUNCE_MS });
    return;
  }
  const id = notifications.show({
    autoClose: UNDO_MS,
    color: 'teal',
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{text}</span>
        <Button variant="light" size="compact-sm" onClick={takeBack}>
          Undo
        </Button>
      </Group>
    ),
  });
  function takeBack() {
    notifications.hide(id);
    undo!().then(() => announce({ text: 'Undone.' }), announceProblem);
  }
}

export function announceProblem(error: unknown): void {
  const { message, hint } = error as Error & { hint?: string | null };
  notifications.show({
    title: visible(message),
    message: <Stack gap={0}>{hint && <span>{visible(hintWords(hint))}</span>}</Stack>,
    color: 'red',
    autoClose: UNDO_MS,
  });
}
