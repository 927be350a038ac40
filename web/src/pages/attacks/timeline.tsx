/** What happened when: first message, thresholds crossed, last message, end. */
import { Text, Timeline as Line } from '@mantine/core';
import { exactTime } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Attack } from './attack.ts';
import { offset, timeline, type Moment } from './told.ts';

const COLORS: Record<Moment['tone'], string> = { neutral: 'gray', warning: 'yellow', attack: 'red', well: 'teal' };

export function Timeline({ of: { incident, block, verdicts } }: { of: Attack }) {
  const moments = timeline(incident, block, verdicts);
  return (
    <Line bulletSize={14} lineWidth={2} active={moments.length} aria-label="Timeline">
      {moments.map(({ at, title, text, tone }, index) => (
        <Line.Item key={index} color={COLORS[tone]} title={title}>
          <Text size="sm">
            <Untrusted text={text} />
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            {exactTime(at)} · {offset(Math.max(at - incident.first, 0))}
          </Text>
        </Line.Item>
      ))}
    </Line>
  );
}
