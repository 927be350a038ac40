/** One list: who is on it, why, by whom, until when; in and out by hand and by file. */
import { Button, Card, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { usePages } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { Page } from '../../shell/page.tsx';
import type { ListName } from '../../source/acts.ts';
import { usePerform } from '../../source/perform.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { useFilters } from '../../table/filters.ts';
import { RowMenu } from '../../table/row-menu.tsx';
import { TypedFilter } from '../../table/typed-filter.tsx';
import { remove, type Entry } from './entry-acts.ts';
import { entryColumns } from './entry-columns.tsx';
import { EntryForm } from './entry-form.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { LIST_WORDS } from './list-words.ts';

const PAGE_ENTRIES = 100;

export function ListPage({ list }: { list: ListName }) {
  const words = LIST_WORDS[list];
  const may = useMay('act');
  const perform = usePerform();
  const [{ filter }, setFilters] = useFilters(['filter']);
  const [form, setForm] = useState<Entry | null | undefined>(undefined);
  const [importing, { open, close }] = useDisclosure();
  const entries = usePages('/lists/{list}', {
    path: { list },
    query: { limit: PAGE_ENTRIES, ...(filter ? { filter } : {}) },
  });
  const act = (rows: readonly Entry[]) => perform(remove(list), rows);
  const menu: Column<Entry> = {
    title: 'Actions',
    width: 64,
    cell: (entry) => <EntryMenu of={entry} onChange={() => setForm(entry)} onRemove={() => void act([entry])} />,
  };
  return (
    <Page
      title={words.title}
      text={`${words.text} ${may ? '' : 'Your role is viewer: you may look, not change.'}`}
      actions={
        <>
          <CsvLink path={`/lists/${list}`} query={filter ? { filter } : {}} />
          {may && (
            <>
              <Button variant="default" leftSection={<IconUpload size={15} />} onClick={open}>
                Import
              </Button>
              <Button leftSection={<IconPlus size={15} />} onClick={() => setForm(null)}>
                Add
              </Button>
            </>
          )}
        </>
      }
    >
      <Card p="sm" component="search" aria-label={`Filter of the ${list}list`} maw={420}>
        <TypedFilter
          label="Search"
          placeholder="Address, network, or text of a comment"
          value={filter}
          onChange={(text) => setFilters({ filter: text })}
        />
      </Card>
      <DataTable
        label={`Entries of the ${list}list`}
        pages={entries}
        columns={may ? [...entryColumns, menu] : entryColumns}
        rowKey={({ range, automatic }) => `${range} ${automatic}`}
        bulk={
          may
            ? (rows, clear) => (
                <Button
                  size="compact-sm"
                  color="red"
                  variant="light"
                  onClick={() => void act(rows).then((done) => done && clear())}
                >
                  Remove
                </Button>
              )
            : undefined
        }
        empty={
          filter ? (
            <Empty
              title="No entry fits"
              text="An address finds every entry that holds it; other text is looked for in comments, names and authors."
            />
          ) : (
            <Empty
              title={words.empty}
              text={words.emptyText}
              action={
                may && (
                  <Button mt="xs" onClick={() => setForm(null)}>
                    Add the first
                  </Button>
                )
              }
            />
          )
        }
      />
      <EntryForm list={list} entry={form} onClose={() => setForm(undefined)} />
      <ImportDialog list={list} opened={importing} onClose={close} />
    </Page>
  );
}

function EntryMenu({
  of: { range, automatic },
  onChange,
  onRemove,
}: {
  of: Entry;
  onChange: () => void;
  onRemove: () => void;
}) {
  return (
    <RowMenu label={`Actions for ${range}`}>
      <Menu.Label>{range}</Menu.Label>
      {!automatic && (
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={onChange}>
          Change comment or end
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconTrash size={15} />} color="red" onClick={onRemove}>
        Remove
      </Menu.Item>
    </RowMenu>
  );
}
