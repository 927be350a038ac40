/** What a detector counts and never counts: its page of the documentation (docs/detectors), as far as it explains. */
import { Code, List, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { inlineParts, proseOf, type Prose } from './prose.ts';

const PAGES = import.meta.glob<string>('../../../../docs/detectors/*.md', { query: '?raw', import: 'default' });

export function DetectorText({ kind }: { kind: string }) {
  const [prose, setProse] = useState<Prose[] | null>(null);
  useEffect(() => {
    let gone = false;
    void PAGES[`../../../../docs/detectors/${kind}.md`]?.().then((page) => {
      if (!gone) setProse(proseOf(page));
    });
    return () => {
      gone = true;
    };
  }, [kind]);
  if (prose === null) return <Skeleton height={120} />;
  return (
    <Stack gap="xs" maw={760}>
      {prose.map((part, index) =>
        part.list ? (
          <List key={index} size="sm" spacing={4}>
            {part.texts.map((text) => (
              <List.Item key={text}>
                <Inline text={text} />
              </List.Item>
            ))}
          </List>
        ) : (
          <Text key={index} size="sm">
            <Inline text={part.texts[0]} />
          </Text>
        ),
      )}
    </Stack>
  );
}

function Inline({ text }: { text: string }) {
  return inlineParts(text).map(({ style, text: part }, index) =>
    style === 'code' ? (
      <Code key={index}>{part}</Code>
    ) : style === 'bold' ? (
      <strong key={index}>{part}</strong>
    ) : (
      <span key={index}>{part}</span>
    ),
  );
}
