/** What can be done about the source of one attack, as a menu; a viewer finds what leads elsewhere. */
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconBan,
  IconCircleCheck,
  IconDots,
  IconDownload,
  IconFilter,
  IconHelpCircle,
  IconNetwork,
  IconShieldX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { urlOf } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import * as acts from '../../source/acts.ts';
import { LENGTHS } from '../../source/lengths.ts';
import { networkOf } from '../../source/network.ts';
import { usePerform } from '../../source/perform.tsx';
import { whyPath } from '../../text/address.tsx';
import { kindName } from '../../text/attack-words.tsx';
import type { Incident } from './use-attack-log.ts';

/** On the sign alone: red text on white has too little contrast. */
const RED = 'var(--mantine-color-red-6)';

/** The comment of a list entry that came from an attack. */
export function commentOf({ kind, victim }: Pick<Incident, 'kind' | 'victim'>): string {
  return `${kindName(kind)} against ${victim}`;
}

export interface SourceMenuProps {
  of: Incident;
  /** In force now: then the lists take it over. */
  block?: acts.Block | null;
  /** Opens the menu; three dots otherwise. */
  target?: ReactNode;
}

export function SourceMenu({ of, block = null, target }: SourceMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        {target ?? (
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${of.source}`}>
            <IconDots size={16} />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <SourceItems of={of} block={block} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconHelpCircle size={15} />} component={Link} to={whyPath(of.source)}>
          Why is it blocked, or not?
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFilter size={15} />}
          component={Link}
          to={`/attacks?source=${encodeURIComponent(of.source)}`}
        >
          All attacks of {of.source}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={15} />} component="a" href={evidenceUrl(of.id)} download>
          Evidence as pcap
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function evidenceUrl(id: string): string {
  return urlOf(`/attacks/${encodeURIComponent(id)}/pcap`);
}

function SourceItems({ of, block }: { of: Incident; block: acts.Block | null }) {
  const perform = usePerform();
  const network = networkOf(of.source);
  if (!useMay('act')) return <Menu.Label>You may look, not change: your role is viewer.</Menu.Label>;
  const comment = commentOf(of);
  const list = (to: acts.ListName) => () =>
    // Of one phone or a whole network the source alone goes on the list.
    void (block?.scope === 'address'
      ? perform(acts.promote(to), [block])
      : perform(acts.list(to, comment), [of.source]));
  return (
    <>
      <Menu.Label>{of.source}</Menu.Label>
      {!block &&
        LENGTHS.slice(0, 3).map(({ title, ms }) => (
          <Menu.Item
            key={title}
            leftSection={<IconBan size={15} />}
            onClick={() => void perform(acts.block(ms, comment), [of.source])}
          >
            Block {title}
          </Menu.Item>
        ))}
      <Menu.Item leftSection={<IconShieldX size={15} color={RED} />} onClick={list('deny')}>
        Deny for good
      </Menu.Item>
      {network && (
        <Menu.Item
          leftSection={<IconNetwork size={15} color={RED} />}
          onClick={() => void perform(acts.list('deny', comment), [network])}
        >
          Deny its network {network}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconCircleCheck size={15} />} onClick={list('allow')}>
        Allow: never block it
      </Menu.Item>
    </>
  );
}
