/** A page that failed: says what happened and what to do. */
import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useRouteError } from 'react-router';
import { useDocumentTitle } from './page.tsx';

export function BrokenPage() {
  const error = useRouteError();
  useDocumentTitle('This page failed');
  const told = error instanceof Error ? error.message : String(error);
  // After an update of the daemon the files of the old build are gone.
  const outdated = /dynamically imported module|module script/i.test(told);
  return (
    <Stack gap="sm" maw={560} mx="auto" my={48} px="md" role="alert">
      <Title order={1}>{outdated ? 'There is a new version of the console' : 'This page failed'}</Title>
      <Text size="sm">
        {outdated
          ? 'Reload to get it.'
          : 'The firewall itself is not affected. Reload the page; if it fails again, report this with the text below.'}
      </Text>
      {!outdated && <Code block>{told}</Code>}
      <Group>
        <Button onClick={() => location.reload()}>Reload</Button>
        <Button variant="default" component="a" href="/">
          To the overview
        </Button>
      </Group>
    </Stack>
  );
}
