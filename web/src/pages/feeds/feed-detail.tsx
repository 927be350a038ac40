/** One feed: what it holds, what was left out of it, and where the allowlist wins over it. */
import { Alert, Drawer, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Facts } from '../../table/facts.tsx';
import { count, duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Hint } from '../../text/hint.tsx';
import { Untrusted } from '../../text/untrusted.tsx';

export function FeedDetail({ name, onClose }: { name: string | null; onClose: () => void }) {
  return (
    <Drawer opened={name !== null} onClose={onClose} position="right" size="lg" title={name ?? ''}>
      {name !== null && <Content name={name} />}
    </Drawer>
  );
}

function Content({ name }: { name: string }) {
  const { data: feed, error, refetch } = useGet('/feeds/{name}', { path: { name } });
  if (error) return <ProblemAlert error={error} again={() => void refetch()} />;
  if (!feed) return <PageLoader />;
  return (
    <Stack gap="md">
      {feed.problem && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="It could not be fetched">
          <Text size="sm">
            <Untrusted text={feed.problem.text} />
          </Text>
          {feed.problem.hint && (
            <Text size="sm" c="dimmed">
              <Hint text={feed.problem.hint} />
            </Text>
          )}
        </Alert>
      )}
      <Facts
        of={[
          ['From', <Untrusted key="from" text={feed.from} />],
          ['Fetched every', duration(feed.everyMs)],
          ['Confirmed', <Time key="confirmed" at={feed.confirmedAt} empty="never" />],
          ['Content changed', <Time key="changed" at={feed.changedAt} empty="never" />],
          ['Next', <Time key="next" at={feed.nextAt} empty="not planned" />],
          ['Read as', feed.format],
          ['Entries', count(feed.entries)],
          ['Ranges', count(feed.ranges)],
          ['Hits', feed.hits === null ? 'not known' : count(feed.hits)],
        ]}
      />
      <Some
        title="The allowlist wins here"
        total={feed.overridden.total}
        lines={feed.overridden.first.map(
          ({ range, by, comment }) => `${range}${by ? ` by ${by}` : ''}${comment ? `: ${comment}` : ''}`,
        )}
      />
      <Some
        title="Left out: no list of attackers can mean them"
        total={feed.refused.total}
        lines={feed.refused.first.map(({ line, address, why }) => `line ${line}: ${address}: ${why}`)}
      />
      <Some
        title="Lines that are no entry"
        total={feed.bad.total}
        lines={feed.bad.first.map(({ line, value, why }) => `line ${line}: ${value}: ${why}`)}
      />
    </Stack>
  );
}

function Some({ title, total, lines }: { title: string; total: number; lines: readonly string[] }) {
  if (total === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title} ({count(total)})
      </Text>
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={line}>
            <Untrusted text={line} />
          </List.Item>
        ))}
        {total > lines.length && <List.Item>… and {count(total - lines.length)} more</List.Item>}
      </List>
    </div>
  );
}
