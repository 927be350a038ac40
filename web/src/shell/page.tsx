/** The frame of a page: `<Page title="Blocked" text="…what is here…" actions={<CsvLink …/>}>`. Sets the title of the window and the heading. */
import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './shell.module.css';

export interface PageProps {
  title: string;
  /** The heading when it is more than the title's text. */
  heading?: ReactNode;
  /** One sentence: what is here, what it is good for. */
  text?: ReactNode;
  /** Buttons that concern the whole page. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, heading, text, actions, children }: PageProps) {
  useDocumentTitle(title);
  return (
    <Stack gap="md" className={classes.page}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <Box maw={720} miw={0}>
          <Title order={1}>{heading ?? title}</Title>
          {text && (
            <Text size="sm" c="dimmed" mt={2} component="div">
              {text}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Ringfence`;
  }, [title]);
}
