/** A file into a list: choose it, see what it would change, then all of it or nothing. */
import { Button, FileInput, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { touch } from '../../api/hooks.ts';
import { ApiError } from '../../api/problem.ts';
import { uploadList, type FileImport } from '../../api/upload.ts';
import { announce } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import type { ListName } from '../../source/acts.ts';
import { bytes, count, counted } from '../../text/moments.ts';
import { takeBack } from './entry-acts.ts';
import { ImportPreview } from './import-preview.tsx';

export function ImportDialog({ list, opened, onClose }: { list: ListName; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Import into the ${list}list`} size="xl">
      <Steps list={list} onDone={onClose} />
    </Modal>
  );
}

function Steps({ list, onDone }: { list: ListName; onDone: () => void }) {
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<FileImport | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  /** What is going on, and how much of the file has been sent. */
  const [busy, setBusy] = useState<{ what: string; share: number } | null>(null);
  const given = useRef<AbortController | null>(null);
  // A dialog that is closed gives up what it sends: the list stays as it was.
  useEffect(() => () => given.current?.abort(), []);

  const send = async (what: string, query: Record<string, string | undefined>): Promise<FileImport | null> => {
    setProblem(null);
    given.current = new AbortController();
    const { signal } = given.current;
    setBusy({ what, share: 0 });
    try {
      const asked = { fileName: file!.name, ...query };
      const onProgress = (share: number) => setBusy({ what, share });
      return await insist('Import all the same', (yes) =>
        uploadList(list, file!, { query: { ...asked, yes: String(yes) }, onProgress, signal }),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code !== 'given-up') setProblem(error);
      return null;
    } finally {
      setBusy(null);
    }
  };
  const look = async (query: Record<string, string | undefined> = {}) =>
    setPreview(await send('Reading the file', { dryRun: 'true', ...query }));
  const apply = async (query: Record<string, string | undefined>) => {
    const done = await send('Importing', query);
    if (!done) return;
    if (!done.applied) return setPreview(done);
    const refresh = () => touch(queries, ['/lists/{list}', '/blocks', '/status', '/explain/{address}']);
    const back = takeBack(list, done);
    announce({ text: told(list, done), undo: back ? () => back().finally(refresh) : undefined });
    await refresh();
    onDone();
  };

  return (
    <Stack gap="md">
      <FileInput
        label="File"
        description="CSV with a header row in any order, one address a line, or what ipset save, nft list set and fail2ban-client print. Up to 64 MB."
        placeholder="Choose a file"
        leftSection={<IconFileText size={16} />}
        value={file}
        clearable
        clearButtonProps={{ 'aria-label': 'No file' }}
        onChange={(chosen) => {
          setFile(chosen);
          setPreview(null);
          setProblem(null);
        }}
      />
      {busy && (
        <div role="status" aria-live="polite">
          <Text size="sm">
            {busy.what}:{' '}
            {busy.share < 1
              ? `${count(Math.round(busy.share * 100))} % of ${bytes(file!.size)} sent`
              : 'the daemon works on it'}
          </Text>
          <Progress mt={4} value={busy.share * 100} animated={busy.share >= 1} aria-label={busy.what} />
        </div>
      )}
      {problem && <ProblemAlert error={problem} />}
      {preview && !busy && <ImportPreview list={list} of={preview} onSets={(set) => void look({ set })} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        {preview ? (
          <ApplyButtons of={preview} busy={busy !== null} apply={apply} />
        ) : (
          <Button disabled={!file} loading={busy !== null} onClick={() => void look()}>
            Check the file
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface ApplyProps {
  of: FileImport;
  busy: boolean;
  apply: (query: Record<string, string | undefined>) => Promise<void>;
}

function ApplyButtons({ of: { added, changed, refused, stopped }, busy, apply }: ApplyProps) {
  const something = added + changed > 0;
  if (stopped?.code === 'bad-lines') {
    return (
      <Button loading={busy} disabled={!something} onClick={() => void apply({ skipBad: 'true' })}>
        Leave {counted(refused, 'bad line')} out, import the rest
      </Button>
    );
  }
  return (
    <Button loading={busy} disabled={!something || stopped !== null} onClick={() => void apply({})}>
      {something ? `Import ${counted(added + changed, 'entry', 'entries')}` : 'Nothing to import'}
    </Button>
  );
}

function told(list: ListName, { added, changed, liftedCount }: FileImport): string {
  const lifted = liftedCount > 0 ? ` ${counted(liftedCount, 'block')} lifted.` : '';
  return `${counted(added, 'entry', 'entries')} added to the ${list}list, ${count(changed)} changed.${lifted}`;
}
