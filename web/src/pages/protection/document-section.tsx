/** The whole policy as text: to read, to keep, and to bring in another one after seeing what it changes. */
import { Button, Code, FileButton, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, type Answer } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { announce } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { useSubmit } from '../../confirm/use-submit.ts';
import { Section } from '../../shell/section.tsx';
import { DiffTable } from './diff-table.tsx';
import { POLICY_TOUCHES, rollBack } from './roll-back.ts';
import { Trial } from './trial.tsx';

interface Chosen {
  name: string;
  text: string;
}

export function DocumentSection({ policy, may }: { policy: Answer<'/policy'>; may: boolean }) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const href = `data:application/yaml;charset=utf-8,${encodeURIComponent(policy.text)}`;
  return (
    <Section
      title="The policy as a document"
      text="YAML with every field and its meaning. The command line takes the same: ringfence policy apply policy.yaml"
      actions={
        <>
          <Button
            component="a"
            variant="default"
            leftSection={<IconDownload size={15} />}
            href={href}
            download={`ringfence-policy-${policy.version}.yaml`}
          >
            Download
          </Button>
          {may && (
            <FileButton
              accept=".yaml,.yml,text/yaml,application/yaml,text/plain"
              onChange={(file) => void file?.text().then((text) => setChosen({ name: file.name, text }))}
            >
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconUpload size={15} />}>
                  Upload
                </Button>
              )}
            </FileButton>
          )}
        </>
      }
    >
      <ScrollArea.Autosize mah={520} viewportProps={{ tabIndex: 0, 'aria-label': 'The policy', role: 'region' }}>
        <Code block>{policy.text}</Code>
      </ScrollArea.Autosize>
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} title="Review and apply" size="xl">
        {chosen && <Upload chosen={chosen} version={policy.version} onDone={() => setChosen(null)} />}
      </Modal>
    </Section>
  );
}

function Upload({ chosen: { name, text }, version, onDone }: { chosen: Chosen; version: number; onDone: () => void }) {
  const queries = useQueryClient();
  const { submit, busy, problem } = useSubmit(async () => {
    const made = await insist('Apply all the same', (yes) =>
      ask('put', '/policy', { body: { name, text, comment: '', yes } }),
    );
    if (made === null) return;
    await touch(queries, POLICY_TOUCHES);
    announce({ text: `Policy version ${made.version} is in force.`, undo: () => rollBack(queries, version, true) });
    onDone();
  });
  return (
    <Stack gap="md">
      <Text size="sm">What {name} would change:</Text>
      <DiffTable asked={{ name, text }} />
      <Trial text={text} />
      {problem && <ProblemAlert error={problem} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button onClick={() => submit()} loading={busy}>
          Apply
        </Button>
      </Group>
    </Stack>
  );
}
