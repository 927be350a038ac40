/** Pages without navigation: sign-in and set-up. */
import { Card, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useDocumentTitle } from './page.tsx';
import classes from './shell.module.css';

export function Alone({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  useDocumentTitle(title);
  return (
    <main className={classes.alone}>
      <Card className={classes.aloneCard} p="xl">
        <Stack gap="md">
          <div>
            <img src="/icon.svg" alt="" width={36} height={36} />
            <Title order={1} mt="sm">
              {title}
            </Title>
            {text && (
              <Text size="sm" c="dimmed" mt={4} component="div">
                {text}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </Card>
    </main>
  );
}
