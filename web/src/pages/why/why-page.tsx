/** Why an address is blocked or not: what is in force, the rule and the packets behind it, lists, history, and what can be done. */
import { Group, Stack, Text } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Page } from '../../shell/page.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Empty } from '../../table/empty.tsx';
import { Country } from '../../text/country.tsx';
import { visible } from '../../text/escape.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import { AttacksOf } from './attacks-of.tsx';
import { Covering } from './covering.tsx';
import { CountersNow } from './counters-now.tsx';
import { Decision } from './decision.tsx';
import { EarlierBlocks } from './earlier-blocks.tsx';
import type { Explanation } from './explanation.ts';
import { Rule } from './rule.tsx';

/** What does not come as an event: packets dropped, counters, ends. */
const REFRESH_MS = 5000;

export function WhyPage() {
  const { address } = useParams();
  return address === undefined ? <WhyNone /> : <WhyOne key={address} address={address} />;
}

function WhyNone() {
  return (
    <Page title="Why is this address blocked?">
      <Empty
        icon={IconZoomQuestion}
        title="Enter an address in the search box above"
        text="You see what happens to its packets and why: the rule, what was counted, until when, the lists that hold it, and its attacks. It works for addresses that were never seen, too. The key / leads to the box from everywhere."
      />
    </Page>
  );
}

function WhyOne({ address }: { address: string }) {
  const { data, error, refetch } = useGet('/explain/{address}', { path: { address } }, { everyMs: REFRESH_MS });
  const title = visible(address);
  if (error && !data) {
    return (
      <Page title={title}>
        <ProblemAlert error={error} again={error.status === 400 ? undefined : () => void refetch()} />
      </Page>
    );
  }
  return (
    <Page title={title} heading={<Untrusted text={data?.address ?? address} />} text={data && <Place of={data} />}>
      {data ? (
        <Stack gap="md">
          <Decision of={data} />
          {data.verdict && <Rule verdict={data.verdict} />}
          <Covering of={data} />
          {data.engine && <CountersNow engine={data.engine} />}
          <EarlierBlocks of={data} />
          <AttacksOf of={data} />
        </Stack>
      ) : (
        <PageLoader />
      )}
    </Page>
  );
}

function Place({ of: { place, guest } }: { of: Explanation }) {
  const { country, network, asn } = place;
  return (
    <Group gap={8}>
      {country === null && network === null ? 'Its country and network are not known' : <Country code={country} />}
      {network !== null && (
        <Text span inherit>
          · <Untrusted text={network} />
          {asn !== null && ` AS${asn}`}
        </Text>
      )}
      {guest && <Text span>· a guest that this gateway protects</Text>}
    </Group>
  );
}
