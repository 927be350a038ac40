/** What can be done about an address: block, lift, lists. The daemon refuses what would lock people out, or asks again. */
import { Button, Group, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { ask } from '../../api/client.ts';
import { block, lift, list, type Act, type ListName } from '../../source/acts.ts';
import { LENGTHS } from '../../source/lengths.ts';
import { usePerform } from '../../source/perform.tsx';
import type { Explanation } from './explanation.ts';

const REASON = 'in the console';
type Entry = NonNullable<Explanation['allow']>;

export function Actions({ of: { address, block: standing, allow, deny } }: { of: Explanation }) {
  const perform = usePerform();
  return (
    <Group gap="xs">
      {/* A block that the denylist covers ends without consequence. */}
      {standing && !deny && (
        <Button variant="light" onClick={() => void perform(lift, [standing])}>
          Lift the block
        </Button>
      )}
      {!standing && !allow && !deny && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button color="red" variant="light" rightSection={<IconChevronDown size={15} />}>
              Block
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {LENGTHS.map(({ title, ms }) => (
              <Menu.Item key={title} onClick={() => void perform(block(ms, REASON), [address])}>
                Block {title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <ListButton name="allow" entry={allow} address={address} />
      <ListButton name="deny" entry={deny} address={address} />
    </Group>
  );
}

/** An entry of a network is not taken away for one of its addresses: for that there is the page of the list. */
function ListButton({ name, entry, address }: { name: ListName; entry: Entry | null; address: string }) {
  const perform = usePerform();
  if (entry === null) {
    return (
      <Button variant="default" onClick={() => void perform(list(name, ''), [address])}>
        Add to the {name}list
      </Button>
    );
  }
  if (entry.range !== address) return null;
  return (
    <Button variant="default" onClick={() => void perform(takeOff(name), [entry])}>
      Take off the {name}list
    </Button>
  );
}

function takeOff(name: ListName): Act<Entry> {
  return {
    nameOf: ({ range }) => range,
    run: ({ range }) => ask('delete', '/lists/{list}/{range}', { path: { list: name, range } }),
    back:
      ({ range, comment, until }) =>
      () =>
        ask('post', '/lists/{list}', { path: { list: name }, body: { range, comment, until, yes: true } }),
    told: (who, many) => `${who} ${many ? 'are' : 'is'} no longer on the ${name}list.`,
    insist: 'Take it off all the same',
  };
}
