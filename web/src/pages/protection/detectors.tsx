/** A form for each protection. Closed, a row says what it does now; open, every field of it. */
import { Accordion, Badge, Group, SimpleGrid, Text } from '@mantine/core';
import { kindName } from '../../text/attack-words.tsx';
import { fieldsOf, sectionsOf, type Field } from './draft.ts';
import { FieldInput } from './field-input.tsx';
import classes from './protection.module.css';
import type { Drafting } from './use-draft.ts';

export function Detectors({ fields, drafting, may }: { fields: readonly Field[]; drafting: Drafting; may: boolean }) {
  return (
    <Accordion variant="separated" multiple classNames={{ item: classes.detector }}>
      {sectionsOf(fields, 'detect').map((section) => {
        const own = fieldsOf(fields, section.path);
        return (
          <Accordion.Item key={section.path} value={section.path}>
            <Accordion.Control>
              <Summary section={section} own={own} drafting={drafting} />
            </Accordion.Control>
            <Accordion.Panel>
              <Fields own={own} drafting={drafting} may={may} />
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}

export function Fields({ own, drafting, may }: { own: readonly Field[]; drafting: Drafting; may: boolean }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="md">
      {own.map((field) => (
        <FieldInput
          key={field.path}
          field={field}
          value={drafting.valueOf(field.path)}
          changed={Object.hasOwn(drafting.draft, field.path)}
          error={drafting.errorOf(field.path)}
          disabled={!may}
          onChange={(value) => drafting.set(field.path, value)}
        />
      ))}
    </SimpleGrid>
  );
}

function Summary({ section, own, drafting }: { section: Field; own: readonly Field[]; drafting: Drafting }) {
  const { draft, valueOf } = drafting;
  const slug = section.path.split('.')[1];
  const on = valueOf(`${section.path}.enabled`) === true;
  const changed = own.some(({ path }) => Object.hasOwn(draft, path));
  const threshold = own.find(({ path }) => path === `${section.path}.threshold`);
  const window = own.find(({ path }) => path === `${section.path}.window`);
  return (
    <Group justify="space-between" wrap="nowrap" gap="md" mr="sm">
      <div>
        <Text fw={600}>{kindName(slug)}</Text>
        <Text size="sm" c="dimmed">
          {section.description}
          {on &&
            threshold &&
            window &&
            ` Now: ${String(valueOf(threshold.path))} ${threshold.unit ?? ''} in ${String(valueOf(window.path))}.`}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        {changed && <Badge color="accent">changed</Badge>}
        <Badge color={on ? 'teal' : 'gray'} miw="max-content">
          {on ? String(valueOf(`${section.path}.action`)) : 'off'}
        </Badge>
      </Group>
    </Group>
  );
}
