/** What can be done about blocks: lift, another end, or a list. As buttons for those that are selected, as a menu in a row. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconCircleCheck, IconClockPlus, IconDots, IconLockOpen, IconShieldX } from '@tabler/icons-react';
import * as acts from '../../source/acts.ts';
import { LENGTHS } from '../../source/lengths.ts';
import { usePerform } from '../../source/perform.tsx';

export function BulkActions({ of, clear }: { of: readonly acts.Block[]; clear: () => void }) {
  const perform = usePerform();
  const listable = of.every(acts.mayPromote);
  const act = async (what: acts.Act<acts.Block>) => {
    if (await perform(what, of)) clear();
  };
  return (
    <>
      <Button size="compact-sm" variant="light" onClick={() => void act(acts.lift)}>
        Lift
      </Button>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-sm" variant="light">
            New end …
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {LENGTHS.map(({ title, ms }) => (
            <Menu.Item key={title} onClick={() => void act(acts.extend(ms, title))}>
              Block {title}, from now on
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="compact-sm"
        variant="light"
        color="red"
        disabled={!listable}
        onClick={() => void act(acts.promote('deny'))}
      >
        Deny for good
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        color="teal"
        disabled={!listable}
        onClick={() => void act(acts.promote('allow'))}
      >
        Allow
      </Button>
    </>
  );
}

export function BlockMenu({ of }: { of: acts.Block }) {
  const perform = usePerform();
  const act = (what: acts.Act<acts.Block>) => () => void perform(what, [of]);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${of.target}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{of.target}</Menu.Label>
        <Menu.Item leftSection={<IconLockOpen size={15} />} onClick={act(acts.lift)}>
          Lift the block
        </Menu.Item>
        {LENGTHS.map(({ title, ms }) => (
          <Menu.Item key={title} leftSection={<IconClockPlus size={15} />} onClick={act(acts.extend(ms, title))}>
            Block {title}, from now on
          </Menu.Item>
        ))}
        {acts.mayPromote(of) && (
          <>
            <Menu.Item
              leftSection={<IconShieldX size={15} color="var(--mantine-color-red-6)" />}
              onClick={act(acts.promote('deny'))}
            >
              Move to the denylist
            </Menu.Item>
            <Menu.Item leftSection={<IconCircleCheck size={15} />} onClick={act(acts.promote('allow'))}>
              Move to the allowlist
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
