/** A change that is not made yet: what it would have blocked, whom it would shut out, and the button that makes it. */
import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, type Answer } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';
import type { ApiError } from '../../api/problem.ts';
import { announce, announceProblem } from '../../confirm/confirm.tsx';
import { insist } from '../../confirm/insist.ts';
import { ProblemAlert } from '../../confirm/problem-alert.tsx';
import { Section } from '../../shell/section.tsx';
import classes from './countries.module.css';
import { Preview } from './preview.tsx';
import { changesOf, missing, ruleText, type CountryRule } from './rule.ts';

/** A preview looks through a week of attacks: not for every click. */
const PAUSE_MS = 350;

export interface ProposedChangeProps {
  before: CountryRule;
  after: CountryRule;
  /** It was made, or given up. */
  onDone: () => void;
}

export function ProposedChange({ before, after, onDone }: ProposedChangeProps) {
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const [{ mode, list, unknown }] = useDebouncedValue(after, PAUSE_MS);
  const lacks = missing(after);
  const preview = useQuery<Answer<'/geo/preview', 'post'>, ApiError>({
    queryKey: ['/geo/preview', mode, list, unknown],
    queryFn: ({ signal }) => ask('post', '/geo/preview', { body: { mode, list, unknown } }, signal),
    enabled: missing({ ...after, mode, list }) === null,
    placeholderData: keepPreviousData,
  });

  const put = async (from: CountryRule, to: CountryRule, comment: string) => {
    const body = { changes: changesOf(from, to), comment };
    const answer = await insist('Do it anyway', (yes) => ask('post', '/policy/edit', { body: { ...body, yes } }));
    await touch(queries, ['/geo', '/geo/countries', '/policy', '/policy/versions', '/status']);
    return answer;
  };
  const make = async () => {
    setMaking(true);
    try {
      const answer = await put(before, after, `countries: ${ruleText(after)}`);
      if (answer === null) return;
      onDone();
      const kept = answer.file === null ? '' : ` At the next start the file ${answer.file} wins.`;
      announce({
        text: `${ruleText(after)} It is in force.${kept}`,
        undo: () => put(after, before, 'countries: taken back'),
      });
    } catch (error) {
      announceProblem(error);
    } finally {
      setMaking(false);
    }
  };

  return (
    <div className={classes.proposed}>
      <Section
        title="Your change is not in force yet"
        text={ruleText(after)}
        actions={
          <Group gap="xs">
            <Button variant="default" onClick={onDone} disabled={making}>
              Discard
            </Button>
            <Button onClick={() => void make()} loading={making} disabled={lacks !== null}>
              Make the change
            </Button>
          </Group>
        }
      >
        <div aria-live="polite">
          {lacks !== null ? (
            <Text size="sm">{lacks}</Text>
          ) : preview.error ? (
            <ProblemAlert error={preview.error} again={() => void preview.refetch()} />
          ) : preview.data ? (
            <Preview of={preview.data} />
          ) : (
            <Skeleton height={90} aria-label="Working out what it would have blocked" />
          )}
        </div>
      </Section>
    </div>
  );
}
