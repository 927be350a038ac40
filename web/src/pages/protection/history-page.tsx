/** Every version of the policy: who made it, why, what it changed, and the way back. */
import { Badge, Button, Group, Modal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { usePages, type Item } from '../../api/hooks.ts';
import { useMay } from '../../api/session.ts';
import { announce, announceProblem } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { Page } from '../../shell/page.tsx';
import { CsvLink } from '../../table/csv-link.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { Empty } from '../../table/empty.tsx';
import { Time } from '../../text/time.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { DiffTable } from './diff-table.tsx';
import { rollBack } from './roll-back.ts';

type Version = Item<'/policy/versions'>;
type Compared = { title: string; from: number; to: number; backTo: number | null };

export function HistoryPage() {
  const may = useMay('configure');
  const queries = useQueryClient();
  const versions = usePages('/policy/versions');
  const [compared, setCompared] = useState<Compared | null>(null);
  const current = versions.items.find((one) => one.current)?.version ?? 0;

  const goBack = async (version: number) => {
    try {
      const made = await insist('Go back all the same', (yes) => rollBack(queries, version, yes));
      if (made === null) return;
      announce({
        text: `Version ${version} is the policy again, as version ${made.version}.`,
        undo: () => rollBack(queries, current, true),
      });
      setCompared(null);
    } catch (error) {
      announceProblem(error);
    }
  };
  return (
    <Page
      title="History of the policy"
      text="Every change is a version. Going back makes a new one, so that nothing is lost."
      actions={
        <>
          <CsvLink path="/policy/versions" />
          <Button component={Link} to="/protection" variant="default">
            To the settings
          </Button>
        </>
      }
    >
      <DataTable<Version>
        label="Versions of the policy"
        pages={versions}
        rowKey={({ version }) => String(version)}
        empty={<Empty title="The policy was never changed" text="The built-in default is in force." />}
        columns={[
          {
            title: 'Version',
            nowrap: true,
            cell: ({ version, current }) => (
              <Group gap={8} wrap="nowrap">
                {version === 0 ? 'built-in default' : version}
                {current && <Badge color="teal">in force</Badge>}
              </Group>
            ),
          },
          { title: 'When', nowrap: true, cell: ({ at }) => (at === 0 ? 'from the first' : <Time at={at} />) },
          { title: 'By', nowrap: true, cell: ({ by }) => <Untrusted text={by} max={40} /> },
          { title: 'Comment', cell: ({ comment }) => <Untrusted text={comment} max={200} /> },
          {
            title: 'Compare',
            align: 'right',
            cell: ({ version, current: inForce }) => (
              <Group gap={6} justify="flex-end">
                {version > 0 && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    onClick={() => setCompared(changeOf(versions.items, version))}
                  >
                    What it changed
                  </Button>
                )}
                {!inForce && (
                  <Button
                    size="compact-xs"
                    variant="light"
                    onClick={() =>
                      setCompared({ title: `Back to version ${version}`, from: current, to: version, backTo: version })
                    }
                  >
                    {may ? 'Go back …' : 'Compare'}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      <Modal opened={compared !== null} onClose={() => setCompared(null)} title={compared?.title} size="xl">
        {compared && (
          <>
            <DiffTable asked={{ from: compared.from, to: compared.to }} />
            {compared.backTo !== null && may && (
              <Group justify="flex-end" mt="md">
                <Text size="sm" c="dimmed">
                  Lists, blocks and recorded attacks stay.
                </Text>
                <Button onClick={() => void goBack(compared.backTo!)}>Make it the policy again</Button>
              </Group>
            )}
          </>
        )}
      </Modal>
    </Page>
  );
}

/** Against the version before it that is still kept. */
function changeOf(versions: readonly Version[], version: number): Compared {
  const before = Math.max(0, ...versions.map((one) => one.version).filter((number) => number < version));
  return { title: `What version ${version} changed`, from: before, to: version, backTo: null };
}
