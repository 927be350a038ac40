/** Sources that somebody should look at. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { Address } from '../../text/address.tsx';
import { kindName } from '../../text/attack-words.tsx';
import { Country } from '../../text/country.tsx';
import { count } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Decision, Report } from './report.ts';
import classes from './reports.module.css';

const RULES: Record<Decision['rule'], { title: string; text: string }> = {
  'registered-attacker': {
    title: 'Registered phones with bad registrations',
    text: 'An account of theirs got in within the hour before the report: a phone with an old password, or a stolen account.',
  },
  'exempt-attacker': {
    title: 'Attacks from addresses that are never blocked',
    text: 'They are on the allowlist, or are this machine or its gateway, so nothing was done.',
  },
  'near-permanent': {
    title: 'Soon blocked for good',
    text: 'They come back again and again. If one of them is a customer, put it on the allowlist now.',
  },
  'invite-limit': {
    title: 'More calls than their limit',
    text: 'They were only watched. A call centre or a trunk needs a limit of its own (Protection, invite-limit).',
  },
};

export function Decisions({ of: { decisions } }: { of: Report }) {
  const rules = (Object.keys(RULES) as Decision['rule'][]).map((rule) => ({
    rule,
    rows: decisions.rows.filter((row) => row.rule === rule),
  }));
  return (
    <Section
      title="Needs a decision"
      text={decisions.total === 0 ? 'Nothing.' : 'Each address leads to what can be done.'}
    >
      <Stack gap="md">
        {rules
          .filter(({ rows }) => rows.length > 0)
          .map(({ rule, rows }) => (
            <div key={rule}>
              <Title order={3}>{RULES[rule].title}</Title>
              <Text size="sm" c="dimmed" mb={4}>
                {RULES[rule].text}
              </Text>
              <ul className={classes.decisions} aria-label={RULES[rule].title}>
                {rows.map((row) => (
                  <DecisionRow key={row.address} of={row} />
                ))}
              </ul>
            </div>
          ))}
      </Stack>
      {decisions.total > decisions.rows.length && (
        <Text size="sm" c="dimmed" mt="xs">
          and {count(decisions.total - decisions.rows.length)} more
        </Text>
      )}
    </Section>
  );
}

function DecisionRow({ of }: { of: Decision }) {
  return (
    <li>
      <Group gap="xs">
        <Address of={of.address} />
        {of.country !== null && <Country code={of.country} nameless />}
        {of.network !== null && (
          <Text size="sm" c="dimmed">
            <Untrusted text={of.network} max={40} />
          </Text>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {of.rule === 'near-permanent' && `${of.text} · `}
        {count(of.attacks)} {of.attacks === 1 ? 'attack' : 'attacks'} · {of.kinds.map(kindName).join(', ')} · last seen{' '}
        <Time at={of.last} exact />
      </Text>
    </li>
  );
}
