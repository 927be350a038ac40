/** Lists, feeds and the rule of countries: which of them mean this address. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { exactTime } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Explanation } from './explanation.ts';

export function Covering({ of: { entries, feeds, place } }: { of: Explanation }) {
  return (
    <Section title="Lists, feeds and countries">
      <Facts
        of={[
          ['Allowlist', <Entries of={entries.filter(({ list }) => list === 'allow')} />],
          ['Denylist', <Entries of={entries.filter(({ list }) => list === 'deny')} />],
          [
            'Feeds',
            feeds.length === 0 ? (
              'No feed lists it.'
            ) : (
              <Group gap={6}>
                {feeds.map(({ name, action }) => (
                  <Badge key={name} color={action === 'block' ? 'red' : 'blue'}>
                    <Untrusted text={name} /> · {action}
                  </Badge>
                ))}
              </Group>
            ),
          ],
          ['Country', <Untrusted text={place.because} />],
        ]}
      />
    </Section>
  );
}

function Entries({ of }: { of: Explanation['entries'] }) {
  if (of.length === 0) return <>No entry covers it.</>;
  return (
    <Stack gap={2}>
      {of.map(({ range, comment, addedBy, addedAt, until }) => (
        <Text key={range} size="sm">
          <b>{range}</b>
          {comment !== '' && (
            <>
              {' '}
              “<Untrusted text={comment} />”
            </>
          )}
          <Text span inherit c="dimmed">
            {' '}
            by <Untrusted text={addedBy} />, {exactTime(addedAt)}
            {until !== null && `, until ${exactTime(until)}`}
          </Text>
        </Text>
      ))}
    </Stack>
  );
}
