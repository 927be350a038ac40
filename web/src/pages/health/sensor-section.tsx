/** What the detectors see, and whether they see all of it. */
import { useState } from 'react';
import { useLiveEvent, type LiveData } from '../../api/live.tsx';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { bytes, count, duration } from '../../text/moments.ts';
import { Sign } from './sign.tsx';
import type { Status } from './status.ts';

export function SensorSection({ status }: { status: Status }) {
  const [rates, setRates] = useState<LiveData<'rates'> | null>(null);
  useLiveEvent('rates', setRates);
  const { capture, sip, memoryBytes, cpuSeconds } = status;
  if (!capture) {
    return (
      <Section title="Sensor">
        <Sign state="broken" text="The guard does not report" />
      </Section>
    );
  }
  const share = capture.lost / Math.max(capture.frames + capture.lost, 1);
  return (
    <Section title="Sensor" text="Packets that reach the detectors. What is blocked already does not.">
      <Facts
        of={[
          [
            'Loss',
            capture.lost === 0 ? (
              <Sign state="well" text="No packet was lost" />
            ) : (
              <Sign state="worry" text={`${count(capture.lost)} packets (${(share * 100).toFixed(2)} %)`} />
            ),
          ],
          ['SIP requests', rates && `${rate(rates.requestsPerSecond)} a second`],
          ['Dropped packets', rates && `${rate(rates.dropsPerSecond)} a second`],
          [
            'Packets',
            `${rate(capture.framesPerSecond)} a second, ${count(capture.frames)} in all (${bytes(capture.bytes)})`,
          ],
          ['SIP messages', sip && `${count(sip.messages)}, ${count(sip.anomalies)} oddities found in them`],
          ['Memory', memoryBytes === null ? null : bytes(memoryBytes)],
          ['Processor time', cpuSeconds === null ? null : duration(cpuSeconds * 1000)],
        ]}
      />
    </Section>
  );
}

function rate(perSecond: number): string {
  return perSecond >= 10 ? count(Math.round(perSecond)) : String(Number(perSecond.toFixed(1)));
}
