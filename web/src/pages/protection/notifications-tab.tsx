/** Who is told, when and how: the section `notify` of the policy, and the outputs for other systems. */
import { Stack } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { Fields } from './detectors.tsx';
import { fieldsOf, sectionsOf, type Field } from './draft.ts';
import { ItemList } from './item-list.tsx';
import type { Drafting } from './use-draft.ts';

interface TabProps {
  fields: readonly Field[];
  drafting: Drafting;
  may: boolean;
}

const CHANNELS = [
  ['notify.email', 'Mail accounts', 'mail account'],
  ['notify.webhook', 'Webhooks', 'webhook'],
  ['notify.syslog', 'Syslog servers', 'syslog server'],
  ['notify.command', 'Programs of your own', 'program'],
] as const;

export function NotificationsTab({ fields, ...form }: TabProps) {
  const { drafting, may } = form;
  const direct = fieldsOf(fields, 'notify').filter(
    ({ path, kind }) => path.split('.').length === 2 && kind !== 'sections',
  );
  return (
    <Stack gap="md">
      {CHANNELS.map(([path, title, one]) => (
        <Section key={path} title={title}>
          <ItemList
            {...{ fields, path, one }}
            value={drafting.valueOf(path) as Record<string, unknown>[]}
            error={drafting.errorOf(path)}
            disabled={!may}
            onChange={(value) => drafting.set(path, value)}
          />
        </Section>
      ))}
      <Section title="In general">
        <Fields own={direct} {...form} />
      </Section>
      {sectionsOf(fields, 'notify').map(({ path, description }) => (
        <Section key={path} title={TITLES[path] ?? path} text={description}>
          <Fields own={fieldsOf(fields, path)} {...form} />
        </Section>
      ))}
      {OUTPUTS.map(([path, title]) => (
        <Section key={path} title={title} text={fields.find((field) => field.path === path)?.description}>
          <Fields own={fieldsOf(fields, path)} {...form} />
        </Section>
      ))}
    </Stack>
  );
}

/** What goes to other systems beside the messages. */
const OUTPUTS = [
  ['hep', 'Homer'],
  ['jsonLog', 'JSON log'],
] as const;

const TITLES: Record<string, string> = {
  'notify.events': 'Of an attack',
  'notify.campaign': 'Many attackers together',
  'notify.quiet': 'Quiet hours',
  'notify.report': 'Daily report',
};
