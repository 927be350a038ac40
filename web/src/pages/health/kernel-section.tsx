/** The nftables table that does the dropping, and how much is in it. */
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { useGet } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { count, counted } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import { Sign } from './sign.tsx';
import type { Status } from './status.ts';

export function KernelSection({ status: { kernel, blocked } }: { status: Status }) {
  return (
    <Section
      title="Kernel"
      text="The table inet ringfence. The guard compares it with what it should be, and repairs it."
    >
      <Facts
        of={[
          [
            'Table',
            kernel === null ? (
              <Sign state="broken" text="Not known" />
            ) : kernel.ok ? (
              <Sign state="well" text="Complete" />
            ) : (
              <Sign state="broken" text="Not complete" />
            ),
          ],
          ['Repairs', kernel && count(kernel.repairs)],
          ['Last repair', kernel?.lastRepair ? <Untrusted text={kernel.lastRepair} /> : null],
          [
            'Blocked',
            <Anchor component={Link} to="/blocked" size="sm">
              {counted(blocked.now, 'address', 'addresses')}, {count(blocked.permanent)} for good
            </Anchor>,
          ],
          ['Allowlist', <ListTotal list="allow" path="/allowlist" />],
          ['Denylist', <ListTotal list="deny" path="/denylist" />],
        ]}
      />
    </Section>
  );
}

function ListTotal({ list, path }: { list: 'allow' | 'deny'; path: string }) {
  const { data } = useGet('/lists/{list}', { path: { list }, query: { limit: 1, overlaps: 'false' } });
  return (
    <Anchor component={Link} to={path} size="sm">
      {data ? counted(data.total, 'entry', 'entries') : '…'}
    </Anchor>
  );
}
