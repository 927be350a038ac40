/** Feeds and the host names of the allowlist: how fresh each is. */
import { Anchor } from '@mantine/core';
import { IconRss } from '@tabler/icons-react';
import { Link } from 'react-router';
import { usePages, type Item } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { Sign } from './sign.tsx';

const SIGN = { current: 'well', waiting: 'worry', stale: 'worry' } as const;
const NAMES = { current: 'Current', waiting: 'Nothing yet', stale: 'Old' } as const;
const REFRESH_MS = 30_000;

export function FeedsSection() {
  const feeds = usePages('/feeds', {}, { everyMs: REFRESH_MS });
  return (
    <Section
      title="Feeds"
      actions={
        <Anchor component={Link} to="/feeds" size="sm">
          Manage
        </Anchor>
      }
    >
      <DataTable<Item<'/feeds'>>
        label="Feeds"
        pages={feeds}
        rowKey={({ name }) => name}
        empty={<Empty icon={IconRss} title="There are no feeds" text="Lists of attackers that others keep." />}
        columns={[
          { title: 'Name', cell: ({ name }) => <Untrusted text={name} /> },
          {
            title: 'State',
            cell: ({ state, problem }) => (
              <Sign state={problem && state === 'current' ? 'worry' : SIGN[state]} text={NAMES[state]} />
            ),
          },
          { title: 'Confirmed', nowrap: true, cell: ({ confirmedAt }) => <Time at={confirmedAt} empty="never" /> },
          { title: 'Next', nowrap: true, cell: ({ nextAt }) => <Time at={nextAt} /> },
          { title: 'Ranges', align: 'right', cell: ({ ranges }) => count(ranges) },
          { title: 'Problem', cell: ({ problem }) => (problem ? <Untrusted text={problem.text} /> : 'none') },
        ]}
      />
    </Section>
  );
}
