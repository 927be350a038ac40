/** The process that remembers and answers: where the attack log and the policy are kept. */
import { useGet } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { bytes, count, duration } from '../../text/moments.ts';
import { Sign } from './sign.tsx';
import type { Status } from './status.ts';

const REFRESH_MS = 15_000;

export function StoreSection({ status: { store, dataDirectory, version } }: { status: Status }) {
  const { data } = useGet('/health', {}, { everyMs: REFRESH_MS });
  return (
    <Section title="Console and store" text="Attack log, lists and policy, on disk. Blocking does not depend on it.">
      <Facts
        of={[
          ['Writing', store.ok ? <Sign state="well" text="Works" /> : <Sign state="broken" text="Fails" />],
          ['Waiting reports', count(store.waiting)],
          ['Lost reports', store.lost === 0 ? 'none' : <Sign state="worry" text={count(store.lost)} />],
          ['Directory', dataDirectory],
          ['Memory', data && bytes(data.console.memoryBytes)],
          ['Processor time', data && duration(data.console.cpuSeconds * 1000)],
          ['Version', version],
        ]}
      />
    </Section>
  );
}
