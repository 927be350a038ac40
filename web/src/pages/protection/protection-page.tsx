/** Every setting of the protection: generated from the daemon's own description of its policy, reviewed before it is applied. */
import { Alert, Button, Card, Group, Stack, Tabs, Text } from '@mantine/core';
import { IconHistory, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useBlocker } from 'react-router';
import type { Answer } from '../../api/client.ts';
import { useGet } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { confirm } from '../../confirm/confirm.tsx';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Page } from '../../shell/page.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Section } from '../../shell/section.tsx';
import { useFilters } from '../../table/filters.ts';
import { counted } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import { Detectors, Fields } from './detectors.tsx';
import { DocumentSection } from './document-section.tsx';
import { fieldsOf, withoutPlace, type Field } from './draft.ts';
import { ModeSection } from './mode-section.tsx';
import { NotificationsTab } from './notifications-tab.tsx';
import { Overrides } from './overrides.tsx';
import classes from './protection.module.css';
import { Review } from './review.tsx';
import { useDraft, type Drafting } from './use-draft.ts';

/** All fields in one answer: there are about a hundred. */
const FIELDS_MAX = 1000;

export function ProtectionPage() {
  const policy = useGet('/policy');
  const fields = useGet('/policy/fields', { query: { limit: FIELDS_MAX } });
  const error = policy.error ?? fields.error;
  return (
    <Page
      title="Protection"
      text="What counts as an attack, and what is done about it. Changes are collected until you apply them, and every change can be taken back."
      actions={
        <Button component={Link} to="/protection/history" variant="default" leftSection={<IconHistory size={15} />}>
          History
        </Button>
      }
    >
      {error && <ProblemAlert error={error} again={() => void policy.refetch()} />}
      {policy.data && fields.data ? (
        <Settings policy={policy.data} fields={fields.data.items} />
      ) : (
        !error && <PageLoader />
      )}
    </Page>
  );
}

function Settings({ policy, fields }: { policy: Answer<'/policy'>; fields: readonly Field[] }) {
  const may = useMay('configure');
  const drafting = useDraft(policy.document, may);
  const [{ tab = 'protections' }, setFilters] = useFilters(['tab']);
  const status = useGet('/status');
  const form = { drafting, may };
  const settings = useRef<HTMLDivElement>(null);
  const done = () => {
    drafting.clear();
    // The bar with the button that was pressed goes.
    settings.current?.focus();
  };
  return (
    <Stack gap="md" ref={settings} tabIndex={-1} className={classes.settings}>
      <ModeSection mode={policy.document.mode} may={may} />
      {status.data?.policy.file && (
        <Alert color="yellow" icon={<IconInfoCircle size={18} />}>
          <Text size="sm">
            The daemon was started with the file <Untrusted text={status.data.policy.file} />: it wins over changes made
            here at the next start.
          </Text>
        </Alert>
      )}
      <Tabs value={tab} onChange={(chosen) => setFilters({ tab: chosen ?? '' })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="protections">Protections</Tabs.Tab>
          <Tabs.Tab value="ports">Ports and addresses</Tabs.Tab>
          <Tabs.Tab value="blocks">Blocks and evidence</Tabs.Tab>
          <Tabs.Tab value="trust">Trust and floods</Tabs.Tab>
          <Tabs.Tab value="exceptions">Exceptions</Tabs.Tab>
          <Tabs.Tab value="notifications">Notifications</Tabs.Tab>
          <Tabs.Tab value="document">Document</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="protections">
          <Detectors fields={fields} {...form} />
        </Tabs.Panel>
        <Tabs.Panel value="ports">
          <Section title="Ports" text="Single ports, lists and ranges in any mix: 5060,5062,5070-5080">
            <Fields own={fieldsOf(fields, 'ports')} {...form} />
          </Section>
          <Card mt="md">
            <Fields own={fields.filter(({ path }) => path === 'guests' || path === 'whenDown')} {...form} />
          </Card>
        </Tabs.Panel>
        <Tabs.Panel value="blocks">
          <Stack gap="md">
            <Section title="Blocks">
              <Fields own={fieldsOf(fields, 'block')} {...form} />
            </Section>
            <Section title="Limits" text="What a source may still do where the action is “limit”.">
              <Fields own={fieldsOf(fields, 'limit')} {...form} />
            </Section>
            <Section title="Attacks and their evidence">
              <Fields own={fieldsOf(fields, 'incident')} {...form} />
            </Section>
            <Section title="Backups">
              <Fields own={fieldsOf(fields, 'backups')} {...form} />
            </Section>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="trust">
          <Stack gap="md">
            <Section title="Who is known" text="Sources that got in, and what is believed of them.">
              <Fields own={fieldsOf(fields, 'trust')} {...form} />
            </Section>
            <Section
              title="Whole networks"
              text="When a block covers more than one address; never over somebody who is known."
            >
              <Fields own={fieldsOf(fields, 'widen')} {...form} />
            </Section>
            <Section
              title="The way in during a flood"
              text="Known sources always pass; all others share this, so that forged addresses cannot starve your phones."
            >
              <Fields own={fieldsOf(fields, 'wayIn')} {...form} />
            </Section>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="exceptions">
          <Section title="Other thresholds for known sources">
            <Overrides fields={fields} {...form} />
          </Section>
        </Tabs.Panel>
        <Tabs.Panel value="notifications">
          <NotificationsTab fields={fields} {...form} />
        </Tabs.Panel>
        <Tabs.Panel value="document">
          <DocumentSection policy={policy} may={may} />
        </Tabs.Panel>
      </Tabs>
      <Unsaved drafting={drafting} policy={policy} onDone={done} />
    </Stack>
  );
}

/** The bar that stays at the bottom while something is typed and not applied. */
function Unsaved({
  drafting: { draft, problem },
  policy,
  onDone,
}: {
  drafting: Drafting;
  policy: Answer<'/policy'>;
  onDone: () => void;
}) {
  const [reviewing, setReviewing] = useState(false);
  const changes = Object.keys(draft).length;
  useWarning(changes > 0);
  if (changes === 0) return null;
  return (
    <Card className={classes.unsaved} p="sm" role="region" aria-label="Changes that are not applied">
      <Group justify="space-between" gap="sm">
        <div aria-live="polite">
          <Text size="sm" fw={500}>
            {counted(changes, 'change')}, not applied yet{problem && ': one would be refused'}
          </Text>
          {problem && (
            <Text size="xs" c="dimmed">
              <Untrusted text={withoutPlace(problem)[0]} max={200} />
            </Text>
          )}
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={onDone}>
            Discard
          </Button>
          <Button onClick={() => setReviewing(true)} disabled={problem !== null}>
            Review and apply
          </Button>
        </Group>
      </Group>
      <Review
        opened={reviewing}
        draft={draft}
        document={policy.document}
        version={policy.version}
        onClose={() => setReviewing(false)}
        onDone={onDone}
      />
    </Card>
  );
}

/** Leaving the page, or the site, with changes asks first. */
function useWarning(on: boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => on && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    const text = 'Changes that were not applied are lost.';
    void confirm({ title: 'Leave this page?', text, action: 'Leave' }).then((leave) =>
      leave ? blocker.proceed() : blocker.reset(),
    );
  }, [blocker]);
  useEffect(() => {
    if (!on) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [on]);
}
