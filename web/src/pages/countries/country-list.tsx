/** Every country of the data: searched, sorted, chosen. */
import { Badge, Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { usePages } from '../../api/hooks.ts';
import { Section } from '../../shell/section.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { DataTable, type Sort } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { useFilters } from '../../table/filters.ts';
import { Country } from '../../text/country.tsx';
import { count, shortCount } from '../../text/moments.ts';
import { found, sorted, type SortName } from './country-rows.ts';
import { isBlocked, type CountryRule } from './rule.ts';

/** At once: on a phone each is a card. */
const PAGE = 25;

export interface CountryListProps {
  rule: CountryRule;
  inForce: CountryRule;
  attacks: ReadonlyMap<string, number>;
  onToggle?: (code: string) => void;
}

export function CountryList({ rule, inForce, attacks, onToggle }: CountryListProps) {
  const pages = usePages('/geo/countries');
  const [{ search = '', by = 'attacks', order }, setFilters] = useFilters(['search', 'by', 'order']);
  const [length, setLength] = useState(PAGE);
  const sort: Sort = { by, descending: order !== 'up' };
  const rows = sorted(found(pages.items, search, rule.list), sort.by as SortName, sort.descending, attacks);
  return (
    <Section
      title="All countries"
      actions={
        <>
          <TextInput
            aria-label="Search countries"
            placeholder="Name, code, or “chosen”"
            leftSection={<IconSearch size={15} />}
            value={search}
            onChange={({ currentTarget }) => setFilters({ search: currentTarget.value })}
          />
          <CsvLink path="/geo/countries" />
        </>
      }
    >
      <DataTable
        label="Countries"
        pages={{
          ...pages,
          items: rows.slice(0, length),
          total: rows.length,
          more: rows.length > length ? () => setLength(length + PAGE) : null,
        }}
        rowKey={({ code }) => code}
        sort={sort}
        onSort={({ by, descending }) => setFilters({ by, order: descending ? undefined : 'up' })}
        empty={<Empty title="No such country" text="Search by name (Germany) or by code (DE)." />}
        columns={[
          {
            title: 'Country',
            sort: 'name',
            cell: ({ code }) =>
              onToggle ? (
                <Checkbox
                  size="sm"
                  checked={rule.list.includes(code)}
                  onChange={() => onToggle(code)}
                  label={<Country code={code} />}
                />
              ) : (
                <Country code={code} />
              ),
          },
          { title: 'Code', cell: ({ code }) => code },
          {
            title: 'Attacks, 30 days',
            sort: 'attacks',
            align: 'right',
            cell: ({ code }) => count(attacks.get(code) ?? 0),
          },
          {
            title: 'Ranges',
            sort: 'ranges',
            align: 'right',
            cell: ({ rangesV4, rangesV6 }) => count(rangesV4 + rangesV6),
          },
          {
            title: 'IPv4 addresses',
            sort: 'addresses',
            align: 'right',
            cell: ({ addressesV4 }) => shortCount(addressesV4),
          },
          { title: 'Now', cell: ({ code }) => <Now code={code} rule={rule} inForce={inForce} /> },
        ]}
      />
    </Section>
  );
}

function Now({ code, rule, inForce }: { code: string; rule: CountryRule; inForce: CountryRule }) {
  const [is, will] = [isBlocked(inForce, code), isBlocked(rule, code)];
  if (is !== will) return <Badge color="yellow">{will ? 'would be blocked' : 'would pass'}</Badge>;
  return <Badge color={is ? 'red' : 'gray'}>{is ? 'Blocked' : 'Passes'}</Badge>;
}
