/** What happened on a day: pick one, compare it, take it along as a file, print it. */
import { Alert, Button, Group, Menu, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDownload, IconPrinter } from '@tabler/icons-react';
import { urlOf } from '../../api/client.ts';
import { useGet } from '../../api/hooks.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { PageLoader } from '../../shell/page-loader.tsx';
import { Page } from '../../shell/page.tsx';
import { useFilters } from '../../table/filters.ts';
import { Time, TimeZone } from '../../text/time.tsx';
import { ByHour } from './by-hour.tsx';
import { Compared } from './compared.tsx';
import { DataAge } from './data-age.tsx';
import { dayOf, inWords, lengthText, shifted } from './days.ts';
import { Decisions } from './decisions.tsx';
import { Firewall } from './firewall.tsx';
import { Permanent } from './permanent.tsx';
import { Rankings } from './rankings.tsx';
import type { Report } from './report.ts';
import classes from './reports.module.css';

const FILES = [
  ['html', 'Page with charts (HTML)'],
  ['csv', 'Table (CSV)'],
  ['text', 'Plain text'],
  ['', 'JSON'],
] as const;

const RENEWED_MS = 1000;
const untilNew = (report: Report | undefined) => (report?.renewing ? RENEWED_MS : undefined);

export function ReportsPage() {
  const [filters, setFilters] = useFilters(['day', 'zone']);
  const day = dayOf(filters.day);
  const query = { kept: 'true' as const, ...(filters.zone ? { zone: filters.zone } : {}) };
  const { data, error, refetch } = useGet('/reports/{day}', { path: { day }, query }, { everyMs: untilNew });
  const toDay = (text: string) => setFilters({ day: text });
  return (
    <Page
      title="Reports"
      heading={data ? inWords(data.day) : undefined}
      text="What happened on a day, as the daily mail tells it."
      actions={data && <Files of={data} zone={filters.zone} />}
    >
      <Group component="search" aria-label="Day of the report" className={classes.unprinted} gap="xs" align="flex-end">
        <Button
          variant="default"
          px="xs"
          aria-label="The day before"
          disabled={!data}
          onClick={() => data && toDay(shifted(data.day, -1))}
        >
          <IconChevronLeft size={16} />
        </Button>
        <TextInput
          type="date"
          label="Day"
          value={data?.day ?? ''}
          min="2000-01-01"
          onChange={({ currentTarget }) => currentTarget.value !== '' && toDay(currentTarget.value)}
        />
        <Button
          variant="default"
          px="xs"
          aria-label="The day after"
          disabled={!data?.complete}
          onClick={() => data && toDay(shifted(data.day, 1))}
        >
          <IconChevronRight size={16} />
        </Button>
        <NativeSelect
          label="Time zone"
          value={filters.zone ?? ''}
          onChange={({ currentTarget }) => setFilters({ zone: currentTarget.value })}
          data={zones(filters.zone)}
        />
      </Group>
      {error && <ProblemAlert error={error} again={() => void refetch()} />}
      {data ? <Body of={data} /> : !error && <PageLoader />}
    </Page>
  );
}

function Body({ of }: { of: Report }) {
  const length = lengthText(of.from, of.to);
  return (
    <TimeZone value={of.zone}>
      <Text size="sm" c="dimmed" aria-live="polite">
        Counted <Time at={of.madeAt} />
        {of.renewing && '; being counted again …'}
      </Text>
      {!of.complete && <Alert color="blue">The day is not over: these are its figures so far.</Alert>}
      {length && <Alert color="blue">{length}</Alert>}
      <Compared of={of} />
      <Decisions of={of} />
      <Permanent of={of} />
      <ByHour of={of} />
      <Rankings of={of} />
      <Firewall of={of} />
      <DataAge of={of} />
    </TimeZone>
  );
}

function Files({ of, zone }: { of: Report; zone: string | undefined }) {
  return (
    <Group gap="xs" className={classes.unprinted}>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={15} />}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FILES.map(([format, title]) => (
            <Menu.Item
              key={format}
              component="a"
              href={urlOf(`/reports/${of.day}${format === '' ? '' : `/${format}`}`, { zone })}
              download={format === '' ? `ringfence-report-${of.day}.json` : ''}
            >
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button variant="default" leftSection={<IconPrinter size={15} />} onClick={() => window.print()}>
        Print
      </Button>
    </Group>
  );
}

/** That of the policy, of this browser, of everybody, and what a link asked for. */
function zones(asked: string | undefined): { value: string; label: string }[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const named = [...new Set([own, 'UTC', ...(asked ? [asked] : [])])];
  return [{ value: '', label: 'As in the mail' }, ...named.map((zone) => ({ value: zone, label: zone }))];
}
