/** One attack: who attacked whom with what, what was done, the proof, and what can be done about it. */
import { Anchor, Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Page } from '../../shell/page.tsx';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { Address } from '../../text/address.tsx';
import { kindName } from '../../text/attack-words.tsx';
import { Country } from '../../text/country.tsx';
import { count, duration } from '../../text/moments.ts';
import { TimeLeft } from '../../text/time-left.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { AttackActions } from './attack-actions.tsx';
import type { Attack } from './attack.ts';
import { Earlier } from './earlier.tsx';
import { Ladder } from './ladder.tsx';
import { Timeline } from './timeline.tsx';
import { headline } from './told.ts';
import { Tried } from './tried.tsx';
import { WhyJudged } from './why-judged.tsx';

export function AttackPage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useGet('/attacks/{id}', { path: { id } });
  if (data) return <Known of={data} key={id} />;
  return (
    <Page title="Attack" text={<Back />}>
      {error ? <ProblemAlert error={error} again={() => void refetch()} /> : <Skeleton height={320} radius="lg" />}
    </Page>
  );
}

function Known({ of }: { of: Attack }) {
  const { incident, block, verdicts, messages } = of;
  return (
    <Page
      title={`${kindName(incident.kind)}: ${incident.source}`}
      heading={headline(incident, block, verdicts)}
      text={<Back />}
      actions={<AttackActions of={of} />}
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <AtAGlance of={of} />
            <WhyJudged of={of} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <Section title="What happened when">
              <Timeline of={of} />
            </Section>
            <Tried of={of} />
          </Stack>
        </Grid.Col>
      </Grid>
      <Section
        title="Messages"
        text="The first messages, as far as the policy keeps them. Each opens its text; the pcap holds the same for Wireshark."
      >
        {messages.length === 0 ? (
          <Text size="sm" c="dimmed">
            No message of it is kept: the policy keeps none, or they are older than it keeps them.
          </Text>
        ) : (
          <Ladder incident={incident} messages={messages} verdicts={verdicts} />
        )}
      </Section>
      <Earlier of={of} />
    </Page>
  );
}

function Back() {
  return (
    <Anchor component={Link} to="/attacks" size="sm">
      <Group gap={4} component="span" display="inline-flex">
        <IconArrowLeft size={14} aria-hidden /> All attacks
      </Group>
    </Anchor>
  );
}

function AtAGlance({ of: { incident, block } }: { of: Attack }) {
  const { source, sourcePort, victim, victimPort, transport, country, asn, network, first, last, closed } = incident;
  const state: ReactNode = closed === null ? 'Goes on' : 'Over';
  return (
    <Section title="At a glance">
      <Facts
        of={[
          ['Source', <Address of={source} />],
          ['Source port', sourcePort],
          ['Country', <Country code={country} />],
          ['Network', network === null ? 'unknown' : <Network asn={asn} name={network} />],
          ['Victim', `${victim}, port ${victimPort}`],
          ['Transport', transport.toUpperCase()],
          ['User agent', incident.userAgent === null ? 'none was sent' : <Untrusted text={incident.userAgent} />],
          ['Messages', `${count(incident.count)} counted`],
          ['Dropped', `${count(incident.dropped)} packets`],
          ['Began', <Time at={first} exact />],
          ['Last', <Time at={last} />],
          ['Lasted', `${duration(last - first)}`],
          ['State', state],
          [
            'Block ends',
            block ? (
              block.until === null ? (
                'never'
              ) : (
                <>
                  in <TimeLeft until={block.until} />
                </>
              )
            ) : null,
          ],
        ]}
      />
    </Section>
  );
}

function Network({ asn, name }: { asn: number | null; name: string }) {
  if (asn === null) return <Untrusted text={name} />;
  return (
    <Anchor component={Link} to={`/attacks?asn=${asn}`} inherit title={`All attacks from AS${asn}`}>
      <Untrusted text={name} /> (AS{asn})
    </Anchor>
  );
}
