/**
 * The way of a form: `const { submit, busy, problem } = useSubmit(async () => { … })`, `<form onSubmit={submit}>`. What the daemon says
 * against it becomes `problem`, to be shown in the form; whatever was typed stays.
 */
import { useState, type SyntheticEvent } from 'react';
import { ApiError } from '../api/problem.ts';

export function useSubmit(work: () => Promise<void>) {
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setProblem(null);
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event?: SyntheticEvent) => {
    event?.preventDefault();
    void run();
  };
  return { submit, busy, problem };
}
