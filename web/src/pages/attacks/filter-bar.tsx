/** The filters of the attack log. They live in the address of the page. */
import { Button, Card, Collapse, Group, Select, SimpleGrid, TextInput, type ComboboxItem } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { KIND_NAMES } from '../../text/attack-words.tsx';
import { described, fromInput, PRESETS, toInput, type AttackFilters } from './filters.ts';
import { TypedFilter } from '../../table/typed-filter.tsx';

const PHONE = '(max-width: 48em)';
const CUSTOM = 'custom';

const TIMES: ComboboxItem[] = [
  { value: '', label: 'Any time' },
  ...Object.entries(PRESETS).map(([value, { title }]) => ({ value, label: title })),
  { value: CUSTOM, label: 'From … to …' },
];
const KINDS: ComboboxItem[] = [
  { value: '', label: 'Any attack' },
  ...Object.entries(KIND_NAMES).map(([value, label]) => ({ value, label })),
];
const ACTIONS: ComboboxItem[] = [
  { value: '', label: 'Any action' },
  { value: 'block', label: 'Blocked' },
  { value: 'deny', label: 'Denied' },
  { value: 'limit', label: 'Limited' },
  { value: 'watch', label: 'Watched' },
  { value: 'pass', label: 'Passed' },
];
const STATES: ComboboxItem[] = [
  { value: '', label: 'Going on or over' },
  { value: 'true', label: 'Going on' },
  { value: 'false', label: 'Over' },
];

export interface FilterBarProps {
  filters: AttackFilters;
  onChange: (change: AttackFilters) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const [open, setOpen] = useState(false);
  const [custom, setCustom] = useState(filters.since !== undefined || filters.until !== undefined);
  const set = (name: keyof AttackFilters) => (value: string | null) => onChange({ [name]: value ?? '' });
  const dated = custom && filters.last === undefined;
  const choose = (value: string | null) => {
    setCustom(value === CUSTOM);
    onChange(value === CUSTOM ? { last: '' } : { last: value ?? '', since: '', until: '' });
  };
  const fields = (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 5 }} spacing="xs" verticalSpacing="xs">
      <TypedFilter
        label="Search"
        placeholder="User agent, user, file, network …"
        value={filters.text}
        onChange={set('text')}
      />
      <Select size="xs" label="Time" data={TIMES} value={dated ? CUSTOM : (filters.last ?? '')} onChange={choose} />
      {dated && <Moment label="From" value={filters.since} onChange={set('since')} />}
      {dated && <Moment label="To" value={filters.until} onChange={set('until')} />}
      <Select size="xs" label="Attack" data={KINDS} value={filters.kind ?? ''} onChange={set('kind')} />
      <Select size="xs" label="Action" data={ACTIONS} value={filters.action ?? ''} onChange={set('action')} />
      <Select size="xs" label="State" data={STATES} value={filters.open ?? ''} onChange={set('open')} />
      <TypedFilter
        label="Source"
        placeholder="203.0.113.66 or a CIDR"
        value={filters.source}
        onChange={set('source')}
      />
      <TypedFilter
        label="Victim"
        placeholder="198.51.100.10 or a CIDR"
        value={filters.victim}
        onChange={set('victim')}
      />
      <TypedFilter
        label="Country"
        placeholder="Two letters: DE"
        value={filters.country}
        onChange={(text) => set('country')(text.toUpperCase())}
      />
      <TypedFilter
        label="Network"
        placeholder="AS number: 64496"
        value={filters.asn}
        onChange={(text) => set('asn')(text.replace(/^as\s*/i, ''))}
      />
    </SimpleGrid>
  );
  const active = described(filters).length;
  return (
    <Card p="sm" component="search" aria-label="Filters of the attack log">
      {phone ? (
        <>
          <Group justify="space-between">
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconFilter size={15} />}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {active === 0 ? 'Filters' : `Filters: ${active}`}
            </Button>
          </Group>
          <Collapse expanded={open}>
            <div style={{ paddingTop: 12 }}>{fields}</div>
          </Collapse>
        </>
      ) : (
        fields
      )}
    </Card>
  );
}

function Moment(props: { label: string; value: string | undefined; onChange: (value: string) => void }) {
  const { label, value, onChange } = props;
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={label}
      defaultValue={toInput(value)}
      onBlur={({ currentTarget }) => onChange(fromInput(currentTarget.value) ?? '')}
    />
  );
}
