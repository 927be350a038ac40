/** The draft of the page: what is typed, and what the daemon says about it while it is typed. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, type Answer } from '../../api/client.ts';
import type { ApiError } from '../../api/problem.ts';
import { changesOf, lineAbout, valueAt, withValue, type Draft, type PolicyDocument } from './draft.ts';

/** A pause in typing: a value that is half typed is no mistake. */
const PAUSE_MS = 400;

export interface Drafting {
  draft: Draft;
  /** As in the draft, or else in the document. */
  valueOf: (path: string) => unknown;
  set: (path: string, value: unknown) => void;
  clear: () => void;
  /** What the daemon says against a value of this path. */
  errorOf: (path: string) => string | null;
  /** Some value would be refused: which, and why. */
  problem: string | null;
}

export function useDraft(document: PolicyDocument, may: boolean): Drafting {
  const [draft, setDraft] = useState<Draft>({});
  const [settled] = useDebouncedValue(draft, PAUSE_MS);
  const check = useQuery<Answer<'/policy/edit', 'post'>, ApiError>({
    queryKey: ['/policy/edit', settled],
    queryFn: ({ signal }) =>
      ask('post', '/policy/edit', { body: { changes: changesOf(settled), dryRun: true } }, signal),
    enabled: may && Object.keys(settled).length > 0,
    retry: false,
  });
  const problem = Object.keys(settled).length > 0 && check.error?.status === 400 ? check.error.message : null;
  return {
    draft,
    valueOf: (path) => (Object.hasOwn(draft, path) ? draft[path] : valueAt(document, path)),
    set: (path, value) => setDraft((before) => withValue(before, document, path, value)),
    clear: () => setDraft({}),
    errorOf: (path) => (problem && Object.hasOwn(draft, path) ? lineAbout(problem, path) : null),
    problem,
  };
}
