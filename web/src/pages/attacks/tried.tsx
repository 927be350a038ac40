/** The users or files that were tried; all of it text of strangers. */
import { Badge, Group, Text } from '@mantine/core';
import { Section } from '../../shell/section.tsx';
import { count } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Attack } from './attack.ts';

const CHARS = 60;

export function Tried({ of: { incident } }: { of: Attack }) {
  const { users, usersTotal, files } = incident;
  return (
    <>
      {users.length > 0 && <Chips title="Users tried" texts={users} total={usersTotal} />}
      {files.length > 0 && <Chips title="Files asked for" texts={files} total={files.length} />}
    </>
  );
}

function Chips({ title, texts, total }: { title: string; texts: readonly string[]; total: number }) {
  return (
    <Section title={`${title}: ${count(total)}`}>
      <Group gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {texts.map((text, index) => (
          <Badge key={index} component="li" variant="default" size="lg" fw={400} maw="100%">
            <Untrusted text={text} max={CHARS} />
          </Badge>
        ))}
      </Group>
      {total > texts.length && (
        <Text size="sm" c="dimmed" mt="xs">
          The first {texts.length}; the others are in the messages, as far as they are kept.
        </Text>
      )}
    </Section>
  );
}
