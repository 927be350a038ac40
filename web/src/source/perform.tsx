/**
 * Does an act (acts.ts) to one source or many: `const perform = usePerform(); await perform(lift, blocks)`. What the daemon refuses until
 * somebody says yes is asked once for all; what was done can be undone; what went wrong is told. True: at least one was done.
 */
import { useQueryClient } from '@tanstack/react-query';
import { touch } from '../api/hooks.ts';
import { ApiError } from '../api/problem.ts';
import { announce, announceProblem, confirm } from '../confirm/confirm.tsx';
import { ToldLines } from '../confirm/told-lines.tsx';
import { nameAll, type Act } from './acts.ts';

export function usePerform() {
  const queries = useQueryClient();
  const refresh = () => touch(queries, ['/blocks', '/attacks/{id}', '/explain/{address}', '/lists/{list}', '/status']);

  return async <Target,>(act: Act<Target>, targets: readonly Target[]): Promise<boolean> => {
    const first = await runAll(act, targets, false);
    const refused = first.failed.filter(({ error }) => error.code === 'needs-confirmation');
    let { done, failed } = first;
    if (refused.length > 0) {
      failed = failed.filter((one) => !refused.includes(one));
      const lines = refused.flatMap(({ error }) => error.message.split('\n'));
      if (await confirm({ title: 'Are you sure?', text: <ToldLines lines={lines} />, action: act.insist })) {
        const second = await runAll(
          act,
          refused.map(({ target }) => target),
          true,
        );
        done = [...done, ...second.done];
        failed = [...failed, ...second.failed];
      }
    }
    if (done.length > 0) {
      const backs = done.flatMap(({ target, answer }) => act.back(target, answer) ?? []);
      const undo = async () => {
        for (const back of backs) await back().finally(() => void refresh());
      };
      announce({
        text: act.told(nameAll(done.map(({ target }) => act.nameOf(target))), done.length > 1),
        undo: backs.length > 0 ? undo : undefined,
      });
    }
    for (const error of distinct(failed.map((one) => one.error))) announceProblem(error);
    await refresh();
    return done.length > 0;
  };
}

interface Outcome<Target> {
  done: { target: Target; answer: unknown }[];
  failed: { target: Target; error: ApiError }[];
}

/** One after the other: the daemon makes one change at a time anyway. */
async function runAll<Target>(act: Act<Target>, targets: readonly Target[], yes: boolean): Promise<Outcome<Target>> {
  const outcome: Outcome<Target> = { done: [], failed: [] };
  for (const target of targets) {
    try {
      outcome.done.push({ target, answer: await act.run(target, yes) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      outcome.failed.push({ target, error });
    }
  }
  return outcome;
}

/** One of each kind, with how many more there are. */
function distinct(errors: readonly ApiError[]): ApiError[] {
  const byCode = Map.groupBy(errors, ({ code }) => code);
  return [...byCode.values()].map(([error, ...more]) =>
    more.length === 0
      ? error
      : new ApiError({
          status: error.status,
          code: error.code,
          detail: `${error.message} The same of ${more.length} more.`,
          hint: error.hint,
        }),
  );
}
