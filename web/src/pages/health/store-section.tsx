/** Where the attack log and the policy are kept. */
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { count } from '../../text/moments.ts';
import { Sign } from './sign.tsx';
import type { Status } from './status.ts';

export function StoreSection({ status: { store, dataDirectory, version } }: { status: Status }) {
  return (
    <Section title="Store" text="Attack log, lists and policy, on disk. Blocking does not depend on it.">
      <Facts
        of={[
          ['Writing', store.ok ? <Sign state="well" text="Works" /> : <Sign state="broken" text="Fails" />],
          ['Waiting reports', count(store.waiting)],
          ['Lost reports', store.lost === 0 ? 'none' : <Sign state="worry" text={count(store.lost)} />],
          ['Directory', dataDirectory],
          ['Version', version],
        ]}
      />
    </Section>
  );
}
