/** Who is signed in: account, colours, sign out. */
import { ActionIcon, Button, Divider, Popover, Stack, Text } from '@mantine/core';
import { IconLogout, IconUserCircle, IconUserCog } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { ask } from '../api/client.ts';
import { useForget, useSession } from '../api/session.ts';
import { announceProblem } from '../confirm/confirm.tsx';
import { Untrusted } from '../text/untrusted.tsx';
import { ColorSchemeChoice } from './color-scheme-choice.tsx';

export function AccountMenu() {
  const { name, role } = useSession();
  const [open, setOpen] = useState(false);
  const forget = useForget();
  return (
    <Popover opened={open} onChange={setOpen} width={240} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Account and colours"
          onClick={() => setOpen(!open)}
        >
          <IconUserCircle size={22} stroke={1.5} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Account and colours">
        <Stack gap={6}>
          <div>
            <Text size="sm" fw={600} px={8}>
              <Untrusted text={name} />
            </Text>
            <Text size="xs" c="dimmed" px={8}>
              {role}
            </Text>
          </div>
          <Button
            {...ROW}
            component={Link}
            to="/account"
            leftSection={<IconUserCog size={16} />}
            onClick={() => setOpen(false)}
          >
            Your account
          </Button>
          <ColorSchemeChoice />
          <Divider />
          <Button
            {...ROW}
            leftSection={<IconLogout size={16} />}
            onClick={() => void ask('delete', '/session').then(forget, announceProblem)}
          >
            Sign out
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const ROW = {
  variant: 'subtle',
  color: 'gray',
  justify: 'flex-start',
  fw: 500,
  px: 8,
  c: 'var(--mantine-color-text)',
} as const;
