/** One field of the policy: what it means, its unit and default come from the daemon; the form follows its kind. */
import { Anchor, Badge, Group, MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { nameOf, same, told, type Field } from './draft.ts';

export interface FieldInputProps {
  field: Field;
  /** As in the draft, or else in the document. */
  value: unknown;
  /** Typed and not made yet. */
  changed: boolean;
  /** What the daemon says against it. */
  error: string | null;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

export function FieldInput(props: FieldInputProps) {
  const { field, value, onChange, error, disabled } = props;
  const asked = {
    label: <Label {...props} />,
    // Some names say it all.
    description: field.description === `${nameOf(field.path)}.` ? undefined : field.description,
    error,
    disabled,
    inputWrapperOrder: ['label', 'description', 'input', 'error'] as ('label' | 'description' | 'input' | 'error')[],
  };
  switch (field.kind) {
    case 'boolean':
      return (
        <Switch
          {...{ label: asked.label, description: asked.description, error, disabled }}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...asked}
          data={[...(field.choices ?? [])]}
          value={String(value)}
          allowDeselect={false}
          onChange={(chosen) => onChange(chosen)}
        />
      );
    case 'choices':
      return <MultiSelect {...asked} data={[...(field.choices ?? [])]} value={value as string[]} onChange={onChange} />;
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...asked}
          value={value as number}
          min={field.min as number | undefined}
          max={field.max as number | undefined}
          step={field.kind === 'number' ? 0.1 : 1}
          allowDecimal={field.kind === 'number'}
          clampBehavior="none"
          thousandSeparator=" "
          onChange={onChange}
        />
      );
    case 'agents':
    case 'ranges':
    case 'countries':
      return (
        <TagsInput
          {...asked}
          value={value as string[]}
          placeholder="Type, then Enter"
          acceptValueOnBlur
          clearable
          onChange={onChange}
        />
      );
    default:
      return (
        <TextInput
          {...asked}
          value={String(value ?? '')}
          placeholder={field.example}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
  }
}

function Label({ field, value, changed, disabled, onChange }: FieldInputProps) {
  const standard = field.default === undefined || same(field.default, value);
  return (
    <Group gap={8} component="span" display="inline-flex">
      {nameOf(field.path)}
      {field.unit && field.unit !== 'ports' && (
        <Badge color="gray" tt="none" fw={400}>
          {field.unit.replace(/ \(.*/, '')}
        </Badge>
      )}
      {changed && <Badge color="accent">changed</Badge>}
      {!standard && !disabled && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={(event) => {
            event.preventDefault();
            onChange(field.default);
          }}
        >
          default: {told(field.default).slice(0, 40)}
        </Anchor>
      )}
    </Group>
  );
}
