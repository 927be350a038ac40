/** What the daemon itself went through: starts, repairs, trouble. */
import { Badge } from '@mantine/core';
import { IconActivityHeartbeat } from '@tabler/icons-react';
import { usePages } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';

const COLORS = { info: 'gray', warning: 'yellow', error: 'red' } as const;
const SHOWN = 20;
const REFRESH_MS = 15_000;

export function EventsSection() {
  const events = usePages('/events', { query: { limit: SHOWN } }, { everyMs: REFRESH_MS });
  return (
    <Section title="Events" text="What the daemon itself went through, the latest first.">
      <DataTable
        label="Events"
        pages={events}
        rowKey={({ at, code, text }) => `${at} ${code} ${text}`}
        empty={
          <Empty
            icon={IconActivityHeartbeat}
            title="Nothing happened yet"
            text="Starts, repairs and trouble stand here."
          />
        }
        columns={[
          { title: 'When', width: 160, nowrap: true, cell: ({ at }) => <Time at={at} exact /> },
          { title: 'Level', width: 90, cell: ({ level }) => <Badge color={COLORS[level]}>{level}</Badge> },
          { title: 'What', cell: ({ text }) => <Untrusted text={text} /> },
        ]}
      />
    </Section>
  );
}
