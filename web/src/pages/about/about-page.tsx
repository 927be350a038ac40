/** Version, licences, whose data these are, and where the API is described. */
import { Anchor, Code, List, Text } from '@mantine/core';
import { useGet } from '../../api/hooks.ts';
import { Page } from '../../shell/page.tsx';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { Untrusted } from '../../text/untrusted.tsx';

export function AboutPage() {
  const { data: about } = useGet('/about');
  return (
    <Page title="About" text="Ringfence, an open SIP firewall for Linux.">
      <Section title="This installation">
        <Facts
          of={[
            ['Version', about?.version],
            ['Licence', about?.licence],
            ['Node.js', about?.node],
          ]}
        />
      </Section>
      <Section title="Manual" text="It is on this machine, and needs no other.">
        <Anchor href="/manual/" size="sm">
          The manual: first steps, PBX recipes, each protection, what to do on a bad day
        </Anchor>
      </Section>
      <Section
        title="For programs"
        text="Everything that this console does goes over an API, which scripts may use too."
      >
        <List size="sm" spacing={4}>
          <List.Item>
            <Anchor href="/api/v1/docs" inherit>
              The API, to read and to try
            </Anchor>
          </List.Item>
          <List.Item>
            <Anchor href="/api/v1/openapi.json" inherit>
              The same as an OpenAPI document
            </Anchor>
          </List.Item>
          <List.Item>
            Tokens are made under “Your account”; figures for Prometheus are at <Code>/metrics</Code>
          </List.Item>
        </List>
      </Section>
      <Section
        title="Country and network data"
        text="They are not part of Ringfence and keep the licences of those who made them."
      >
        {about && about.attribution !== '' && (
          <Text size="sm" mb="xs">
            <Untrusted text={about.attribution} max={2000} />
          </Text>
        )}
        <Text size="sm" c="dimmed">
          The data that Ringfence brings are under CC BY 4.0, made by the Number Resource Organization (NRO), Route
          Views and DB-IP, put together by ip-location-db. <Away to="https://db-ip.com">IP Geolocation by DB-IP</Away>
        </Text>
      </Section>
      <Section
        title="What this console is made of"
        text="All of it is served by this machine; no page asks another one."
      >
        <List size="sm" spacing={4}>
          <List.Item>
            React, Mantine, TanStack Query, React Router, Tabler Icons, flag-icons, uqr: MIT licence
          </List.Item>
          <List.Item>Apache ECharts: Apache-2.0; the world map of Natural Earth: public domain</List.Item>
          <List.Item>The typeface Inter: SIL Open Font License 1.1</List.Item>
        </List>
      </Section>
    </Page>
  );
}

/** A link that leaves the machine, only when somebody follows it. */
function Away({ to, children }: { to: string; children: string }) {
  return (
    <Anchor href={to} target="_blank" rel="noreferrer noopener" inherit underline="always">
      {children}
    </Anchor>
  );
}
