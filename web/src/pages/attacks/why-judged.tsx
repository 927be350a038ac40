/** Why it was judged so: what was counted against which threshold, and what the detector's documentation says about it. */
import { Button, Code, Collapse, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Section } from '../../shell/section.tsx';
import { Facts } from '../../table/facts.tsx';
import { ActionBadge, kindName } from '../../text/attack-words.tsx';
import { count, duration } from '../../text/moments.ts';
import { Time } from '../../text/time.tsx';
import type { Attack } from './attack.ts';
import { DetectorText } from './detector-text.tsx';
import { measured } from './told.ts';

/** The judge's own reasons, as sentences (JUDGE_REASONS in src/core/judge). */
const REASONS: Record<string, string> = {
  allowlisted: 'The source is on the allowlist.',
  'own-address': 'The source is an address of this machine.',
  denylisted: 'The source is on the denylist: the kernel drops it anyway.',
  'default-gateway': 'The source is the default gateway of this machine.',
  'monitor-only': 'The policy says monitor: nothing is blocked.',
  'repeat-offender': 'The source was blocked as often before as the policy allows, so this block is permanent.',
};

/** Whom the decision is about. */
const AGAINST: Record<Attack['incident']['scope'], (target: string) => string> = {
  port: (target) => `One phone: ${target}`,
  address: (target) => `The address ${target}`,
  network: (target) => `The network ${target}`,
};

export function WhyJudged({ of: { incident, verdicts, told } }: { of: Attack }) {
  const [open, { toggle }] = useDisclosure();
  const verdict = verdicts.findLast(({ action }) => action === incident.action) ?? verdicts.at(-1);
  const { kind, finding, reason, action, scope, target } = incident;
  return (
    <Section title="Why it was judged so">
      <Facts
        of={[
          ['Decided', <ActionBadge of={action} />],
          ['Against', AGAINST[scope](target)],
          ['What was seen', told?.seen],
          ['What it proves', told?.shows],
          ['What would have changed it', told?.unless === '' ? null : told?.unless],
          ['Detector', kindName(kind)],
          ['Counted', verdict ? measured(verdict) : null],
          [
            'Threshold',
            verdict && verdict.threshold > 1
              ? `${count(verdict.threshold)}${verdict.windowMs > 0 ? ` within ${duration(verdict.windowMs)}` : ''}`
              : null,
          ],
          ['Rule', <Code>{finding}</Code>],
          ['Reason', reason === finding ? null : (REASONS[reason] ?? <Code>{reason}</Code>)],
          ['Blocks before', verdict ? count(verdict.blocksBefore) : null],
          ['When', verdict ? <Time at={verdict.at} exact /> : null],
        ]}
      />
      {!verdict && (
        <Text size="sm" c="dimmed" mt="xs">
          The verdict itself is not on record any more.
        </Text>
      )}
      <Button
        mt="sm"
        variant="subtle"
        size="compact-sm"
        leftSection={open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        aria-expanded={open}
        onClick={toggle}
      >
        What this detector counts
      </Button>
      <Collapse expanded={open}>
        <div style={{ paddingTop: 8 }}>{open && <DetectorText kind={kind} />}</div>
      </Collapse>
    </Section>
  );
}
