/** How the firewall itself did on the day. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Report } from './report.ts';

export function Firewall({ of: { sensor } }: { of: Report }) {
  return (
    <Section title="Firewall" text="Losses, restarts and repairs of that day.">
      <Facts
        of={[
          ['Packets lost', count(sensor.packetsLost ?? 0)],
          ['Starts of the guard', count(sensor.starts)],
          ['Restarts of the console', count(sensor.consoleRestarts)],
          ['Restarts of the sensor', count(sensor.sensorRestarts)],
          ['Repairs of the kernel table', count(sensor.kernelRepairs)],
          ['Failures of the kernel table', count(sensor.kernelFailures)],
        ]}
      />
      <Stack gap="xs" mt={sensor.events.length > 0 ? 'sm' : 0}>
        {sensor.events.map(({ code, level, count: times, last, text }) => (
          <div key={code}>
            <Group gap="xs">
              <Badge color={level === 'error' ? 'red' : 'yellow'}>{level}</Badge>
              <Text size="sm" fw={500}>
                <Untrusted text={code} />
              </Text>
              <Text size="sm" c="dimmed">
                {times > 1 && `${count(times)} times, `}last <Time at={last} exact />
              </Text>
            </Group>
            <Text size="sm">
              <Untrusted text={text} />
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
