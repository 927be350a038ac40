/** The filters of the attack log. They live in the address of the page. */
import { Button, Card, Select, SimpleGrid, TextInput, type ComboboxItem } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import { KIND_NAMES } from '../../text/attack-words.tsx';
import classes from './attacks.module.css';
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

/** Those behind the button. */
const RARE: readonly (keyof AttackFilters)[] = ['open', 'source', 'victim', 'country', 'asn'];

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const rare = RARE.filter((name) => filters[name] !== undefined).length;
  const [open, setOpen] = useState(rare > 0);
  const [custom, setCustom] = useState(filters.since !== undefined || filters.until !== undefined);
  const set = (name: keyof AttackFilters) => (value: string | null) => onChange({ [name]: value ?? '' });
  const dated = custom && filters.last === undefined;
  const choose = (value: string | null) => {
    setCustom(value === CUSTOM);
    onChange(value === CUSTOM ? { last: '' } : { last: value ?? '', since: '', until: '' });
  };
  const main = (
    <>
      <Select size="xs" label="Time" data={TIMES} value={dated ? CUSTOM : (filters.last ?? '')} onChange={choose} />
      <Select size="xs" label="Attack" data={KINDS} value={filters.kind ?? ''} onChange={set('kind')} />
      <Select size="xs" label="Action" data={ACTIONS} value={filters.action ?? ''} onChange={set('action')} />
    </>
  );
  const count = phone ? described(filters).length - (filters.text === undefined ? 0 : 1) : rare;
  const name = phone ? 'Filters' : 'More';
  return (
    <Card p="sm" component="search" aria-label="Filters of the attack log">
      <div className={classes.main}>
        <TypedFilter
          label="Search"
          placeholder="User agent, user, file, network …"
          value={filters.text}
          onChange={set('text')}
        />
        {!phone && main}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFilter size={14} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {count === 0 ? name : `${name}: ${count}`}
        </Button>
      </div>
      {dated && (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing={10} className={classes.more}>
          <Moment label="From" value={filters.since} onChange={set('since')} />
          <Moment label="To" value={filters.until} onChange={set('until')} />
        </SimpleGrid>
      )}
      {open && (
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3, lg: 5 }} spacing={10} className={classes.more}>
          {phone && main}
          <Select size="xs" label="State" data={STATES} value={filters.open ?? ''} onChange={set('open')} />
          <TypedFilter label="Source" placeholder="Address or CIDR" value={filters.source} onChange={set('source')} />
          <TypedFilter label="Victim" placeholder="Address or CIDR" value={filters.victim} onChange={set('victim')} />
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
