/** Before typed changes become the policy: what they are in words, what they would have done to recorded attacks, why they are made. */
import { Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import { announce } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { useSubmit } from '../../confirm/use-submit.ts';
import { WideTable } from '../../table/wide-table.tsx';
import { Untrusted } from '../../text/untrusted.tsx';
import { changesOf, told, valueAt, type Draft, type PolicyDocument } from './draft.ts';
import { POLICY_TOUCHES, rollBack } from './roll-back.ts';
import { Trial } from './trial.tsx';

const COMMENT_MAX = 500;

export interface ReviewProps {
  opened: boolean;
  draft: Draft;
  document: PolicyDocument;
  /** The version that a change starts from, and goes back to. */
  version: number;
  onClose: () => void;
  onDone: () => void;
}

export function Review({ opened, onClose, ...rest }: ReviewProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Review and apply" size="xl">
      <Content {...rest} onClose={onClose} />
    </Modal>
  );
}

function Content({ draft, document, version, onClose, onDone }: Omit<ReviewProps, 'opened'>) {
  const queries = useQueryClient();
  const [comment, setComment] = useState('');
  const changes = changesOf(draft);

  const { submit, busy, problem } = useSubmit(async () => {
    const body = { changes, comment: comment.trim() };
    const made = await insist('Apply all the same', (yes) => ask('post', '/policy/edit', { body: { ...body, yes } }));
    if (made === null) return;
    await touch(queries, POLICY_TOUCHES);
    const kept = made.file === null ? '' : ` At the next start the file ${made.file} wins.`;
    announce({
      text: `Policy version ${made.version} is in force.${kept}`,
      undo: () => rollBack(queries, version, true),
    });
    onDone();
  });
  return (
    <Stack gap="md">
      <WideTable label="Changes" minWidth={480}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>Then</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Object.entries(draft).map(([path, value]) => (
              <Table.Tr key={path}>
                <Table.Td>{path}</Table.Td>
                <Table.Td>
                  <Untrusted text={told(valueAt(document, path))} max={200} />
                </Table.Td>
                <Table.Td>
                  <Text inherit fw={600} component="span">
                    <Untrusted text={told(value)} max={200} />
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Trial changes={changes} />
      <TextInput
        label="Why"
        description="For those who read the history later."
        maxLength={COMMENT_MAX}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
      />
      {problem && <ProblemAlert error={problem} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Back
        </Button>
        <Button onClick={() => submit()} loading={busy}>
          Apply
        </Button>
      </Group>
    </Stack>
  );
}
