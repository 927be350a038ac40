/** What can be done about an address: block, lift, lists. The daemon refuses what would lock people out, or asks again. */
import { Button, Group, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { announce, announceProblem } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import type { Explanation } from './explanation.ts';

const HOUR = 3_600_000;
const LENGTHS: [string, number | null][] = [
  ['For 1 hour', HOUR],
  ['For 1 day', 24 * HOUR],
  ['For 1 week', 168 * HOUR],
  ['For good', null],
];
const REASON = 'by hand, in the console';

export function Actions({ of }: { of: Explanation }) {
  const { address, block, allow, deny } = of;
  const queries = useQueryClient();

  /** Does it, says so, and shows the new state. */
  const act = async (told: string, change: () => Promise<unknown>, undo?: () => Promise<unknown>) => {
    const refresh = () => touch(queries, ['/explain/{address}', '/blocks', '/lists/{list}', '/status']);
    try {
      if ((await change()) === null) return;
      announce({ text: told, undo: undo && (() => undo().then(refresh)) });
    } catch (error) {
      announceProblem(error);
    }
    await refresh();
  };
  const blockFor = (durationMs: number | null, reason = REASON) =>
    insist('Block it all the same', (yes) => ask('post', '/blocks', { body: { address, durationMs, reason, yes } }));
  const lift = () => ask('delete', '/blocks/{address}', { path: { address } });
  const list = (name: 'allow' | 'deny') =>
    insist('Do it all the same', (yes) =>
      ask('post', '/lists/{list}', { path: { list: name }, body: { range: address, yes } }),
    );
  const unlist = (name: 'allow' | 'deny') =>
    ask('delete', '/lists/{list}/{range}', { path: { list: name, range: address } });
  /** What is left of it; the reason of a person stays. */
  const blockAgain = () =>
    blockFor(
      block!.until === null ? null : Math.max(block!.until - Date.now(), 1000),
      block!.origin === 'manual' ? block!.reason : 'lifted by mistake',
    );

  return (
    <Group gap="xs">
      {block && !deny ? (
        <Button variant="light" onClick={() => void act(`${address} is no longer blocked.`, lift, blockAgain)}>
          Lift the block
        </Button>
      ) : (
        !allow &&
        !deny && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button color="red" variant="light" rightSection={<IconChevronDown size={15} />}>
                Block
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {LENGTHS.map(([name, lengthMs]) => (
                <Menu.Item
                  key={name}
                  onClick={() => void act(`${address} is blocked.`, () => blockFor(lengthMs), lift)}
                >
                  {name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )
      )}
      {allow?.range === address ? (
        <Button
          variant="default"
          onClick={() =>
            void act(
              'Taken off the allowlist.',
              () => unlist('allow'),
              () => list('allow'),
            )
          }
        >
          Take off the allowlist
        </Button>
      ) : (
        !allow && (
          <Button
            variant="default"
            onClick={() =>
              void act(
                `${address} is on the allowlist.`,
                () => list('allow'),
                () => unlist('allow'),
              )
            }
          >
            Add to the allowlist
          </Button>
        )
      )}
      {deny?.range === address ? (
        <Button
          variant="default"
          onClick={() =>
            void act(
              'Taken off the denylist.',
              () => unlist('deny'),
              () => list('deny'),
            )
          }
        >
          Take off the denylist
        </Button>
      ) : (
        !deny && (
          <Button
            variant="default"
            onClick={() =>
              void act(
                `${address} is on the denylist.`,
                () => list('deny'),
                () => unlist('deny'),
              )
            }
          >
            Add to the denylist
          </Button>
        )
      )}
    </Group>
  );
}
