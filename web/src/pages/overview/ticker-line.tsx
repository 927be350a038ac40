/** One thing that happened. */
import { Anchor, Text } from '@mantine/core';
import { IconBan, IconLockOpen, IconSwords } from '@tabler/icons-react';
import { memo } from 'react';
import { Link } from 'react-router';
import { whyPath } from '../../text/address.tsx';
import { ActionBadge, kindName } from '../../text/attack-words.tsx';
import { Flag } from '../../text/country.tsx';
import { counted, duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import classes from './overview.module.css';
import type { Block, Incident, Line, Unblock } from './ticker.ts';

export const TickerLine = memo(function TickerLine({ of: line }: { of: Line }) {
  return (
    <li className={classes.line}>
      <span className={classes.sign} data-what={line.what} aria-hidden>
        {line.what === 'attack' && <IconSwords size={14} />}
        {line.what === 'block' && <IconBan size={14} />}
        {line.what === 'unblock' && <IconLockOpen size={14} />}
      </span>
      <div className={classes.lineText}>
        {line.what === 'attack' && <Attack of={line.of} />}
        {line.what === 'block' && <Blocked of={line.of} />}
        {line.what === 'unblock' && <Unblocked of={line.of} />}
      </div>
      <Text span size="xs" c="dimmed" className={classes.nowrap}>
        <Time at={line.at} />
      </Text>
    </li>
  );
});

function Attack({ of: { id, source, victim, kind, count, action, country } }: { of: Incident }) {
  return (
    <>
      <Anchor component={Link} underline="always" to={`/attacks/${encodeURIComponent(id)}`} inherit>
        {country !== null && <Flag code={country} />} {source}
      </Anchor>{' '}
      attacked {victim} <ActionBadge of={action} />
      <div className={classes.lineMore}>
        {kindName(kind)}, {counted(count, 'message')}
      </div>
    </>
  );
}

function Blocked({ of: { target, address, since, until, origin, reason } }: { of: Block }) {
  return (
    <>
      <Anchor component={Link} underline="always" to={whyPath(address)} inherit>
        {target}
      </Anchor>{' '}
      blocked {until === null ? 'for good' : `for ${duration(until - since)}`}
      <div className={classes.lineMore}>
        {origin === 'manual' ? 'By hand: ' : ''}
        <Untrusted text={reason} max={80} />
      </div>
    </>
  );
}

function Unblocked({ of: { target, address, how } }: { of: Unblock }) {
  return (
    <>
      <Anchor component={Link} underline="always" to={whyPath(address)} inherit>
        {target}
      </Anchor>{' '}
      is free again: {how === 'lifted' ? 'the block was lifted' : 'the block is over'}
    </>
  );
}
