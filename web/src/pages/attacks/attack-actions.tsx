/** What can be done about the source of an attack: its block as buttons, everything else in a menu. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload, IconLockOpen } from '@tabler/icons-react';
import { useMay } from '../../api/session.ts';
import * as acts from '../../source/acts.ts';
import { LENGTHS } from '../../source/lengths.ts';
import { usePerform } from '../../source/perform.tsx';
import type { Attack } from './attack.ts';
import { evidenceUrl, SourceMenu } from './source-menu.tsx';

export function AttackActions({ of: { incident, block } }: { of: Attack }) {
  const may = useMay('act');
  const perform = usePerform();
  return (
    <>
      <Button
        component="a"
        href={evidenceUrl(incident.id)}
        download
        variant="default"
        leftSection={<IconDownload size={15} />}
      >
        pcap
      </Button>
      {may && block && (
        <>
          <Button
            variant="light"
            leftSection={<IconLockOpen size={15} />}
            onClick={() => void perform(acts.lift, [block])}
          >
            Lift the block
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="light" rightSection={<IconChevronDown size={15} />}>
                Extend
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {LENGTHS.map(({ title, ms }) => (
                <Menu.Item key={title} onClick={() => void perform(acts.extend(ms, title), [block])}>
                  Block {title}, from now on
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      <SourceMenu
        of={incident}
        block={block}
        target={
          <Button variant="light" color="red" rightSection={<IconChevronDown size={15} />}>
            Source
          </Button>
        }
      />
    </>
  );
}
