/** Who is signed in: account, colours, sign out. */
import { ActionIcon, Box, Menu, Text } from '@mantine/core';
import { IconLogout, IconUserCircle, IconUserCog } from '@tabler/icons-react';
import { Link } from 'react-router';
import { ask } from '../api/client.ts';
import { useForget, useSession } from '../api/session.ts';
import { announceProblem } from '../confirm/confirm.tsx';
import { Untrusted } from '../text/untrusted.tsx';
import { ColorSchemeChoice } from './color-scheme-choice.tsx';

export function AccountMenu() {
  const { name, role } = useSession();
  const forget = useForget();
  return (
    <Menu width={230} position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Account and colours">
          <IconUserCircle size={22} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py={6}>
          <Text size="sm" fw={600}>
            <Untrusted text={name} />
          </Text>
          <Text size="xs" c="dimmed">
            {role}
          </Text>
        </Box>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} />}>
          Your account
        </Menu.Item>
        <Box px="sm" py={6}>
          <ColorSchemeChoice />
        </Box>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => void ask('delete', '/session').then(forget, announceProblem)}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
