/**
 * Imports, a chunk of entries to a request: a list of a million entries needs no request larger than others, other commands get their
 * turns between, and nothing counts before the end. An import belongs to its connection: when that goes, the list is as it was.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatRange } from '../core/base/address.ts';
import { countRanges, intersect, unpackRanges, NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { ListImport, ListName, NewListEntry } from '../store/store.ts';
import type { ImportAnswer, ImportChunkAnswer } from './answers.ts';
import { caller, changeByCaller } from './caller.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput, listName } from './inputs.ts';
import { bringListIntoForce } from './lists-force.ts';
import { importBeginInput, importChunkInput, importEndInput, importId } from './lists-inputs.ts';
import { exemptRanges, shutOutByDenying } from './lists-refusals.ts';
import { requireConfirmation } from './lock-out.ts';
import { OperationError } from './operation-error.ts';

/** Entries in one transaction: some 10 ms, which is how long others wait at most. */
const SLICE = 1000;
const NAMED_MAX = 20;

interface Running {
  id: number;
  list: ListName;
  by: string;
  since: number;
  subject: string;
  import: ListImport;
  /** Chunks are taken one after the other, whenever they come. */
  last: Promise<unknown>;
  ended: boolean;
}

export class ListImports {
  readonly #context: OperationsContext;
  #running: Running | null = null;
  #tidying: Promise<void> | null = null;
  #lastId = 0;

  constructor(context: OperationsContext) {
    this.#context = context;
  }

  async begin(name: unknown, input: unknown): Promise<{ id: number }> {
    const list = checkInput(listName, name);
    const { subject } = checkInput(importBeginInput, input);
    this.#refuseSecond();
    await this.#tidy();
    this.#refuseSecond();
    const change = changeByCaller(this.#context);
    const running: Running = {
      id: ++this.#lastId,
      list,
      by: change.by,
      since: change.now,
      subject,
      import: inStore(() => this.#context.store.listImport(list, change)),
      last: Promise.resolve(),
      ended: false,
    };
    this.#running = running;
    caller().onGone(() => void this.#giveUp(running, 'the connection ended before the import did'));
    return { id: running.id };
  }

  #refuseSecond(): void {
    const running = this.#running;
    if (running === null) return;
    const seconds = Math.round((this.#context.now() - running.since) / 1000);
    throw new OperationError(
      'refused',
      'import-busy',
      `${running.by} is importing into the ${running.list}list, since ${seconds} s.`,
      'Wait until that has ended, or end it there with Ctrl-C.',
    );
  }

  stage(id: unknown, input: unknown): Promise<ImportChunkAnswer> {
    const running = this.#find(id);
    const { entries, show } = checkInput(importChunkInput, input);
    return this.#next(running, async () => {
      const steps: ImportChunkAnswer['steps'] = [];
      for (let i = 0; i < entries.length; i += SLICE) {
        if (running.ended) throw over();
        const slice: NewListEntry[] = entries.slice(i, i + SLICE);
        inStore(() => running.import.stage(slice)).forEach((step, k) => {
          if (steps.length < show && step.what !== 'same') steps.push({ at: i + k, ...step });
        });
        await nextTurn();
      }
      return { steps };
    });
  }

  /** Into force, or with `dryRun` what that would do. An import that wants a confirmation stays open: the same again with `yes`. */
  end(id: unknown, input: unknown): Promise<ImportAnswer> {
    const running = this.#find(id);
    const { dryRun, yes } = checkInput(importEndInput, input);
    return this.#next(running, () =>
      this.#context.turns.take(async () => {
        if (running.ended) throw over();
        const answer = await this.#outlook(running);
        if (dryRun) {
          await this.#giveUp(running, 'a dry run');
          return answer;
        }
        requireConfirmation(answer.shutOut, yes);
        return this.#finish(running, answer);
      }),
    );
  }

  async abort(id: unknown): Promise<{ aborted: true }> {
    await this.#giveUp(this.#find(id), 'given up by the one who began it');
    return { aborted: true };
  }

  async #outlook(running: Running): Promise<ImportAnswer> {
    const { store } = this.#context;
    const staged = running.import.packed();
    const denying = running.list === 'deny';
    const both = denying
      ? intersect(
          staged,
          inStore(() => store.packed('allow')),
        )
      : NO_RANGES;
    const exempt = denying ? intersect(staged, exemptRanges(this.#context.host())) : NO_RANGES;
    return {
      ...running.import.counts,
      total: inStore(() => store.listCount(running.list)),
      allowlisted: firstOf(both),
      allowlistedCount: countRanges(both),
      exempt: firstOf(exempt),
      exemptCount: countRanges(exempt),
      shutOut: denying ? await shutOutByDenying(this.#context, staged) : [],
      lifted: [],
      liftedCount: 0,
    };
  }

  async #finish(running: Running, answer: ImportAnswer): Promise<ImportAnswer> {
    const { store } = this.#context;
    const { list, subject } = running;
    inStore(() => running.import.commit(subject));
    running.ended = true;
    this.#running = null;
    try {
      const undo = () => running.import.undo('the guard could not bring it into force');
      const { lifted, liftedCount } = await bringListIntoForce(this.#context, list, 'the import', undo);
      inStore(() => running.import.settle());
      return { ...answer, total: inStore(() => store.listCount(list)), lifted, liftedCount };
    } finally {
      void this.#tidy();
    }
  }

  async #giveUp(running: Running, why: string): Promise<void> {
    if (running.ended) return;
    running.ended = true;
    if (this.#running === running) this.#running = null;
    try {
      inStore(() => running.import.undo(why));
    } catch {
      // A full disk, or the store is closing: the rows count for nothing all the same, and the next start removes them.
    }
    void this.#tidy();
  }

  /** Removes what imports left behind, a slice at a time. */
  #tidy(): Promise<void> {
    this.#tidying ??= this.#tidyAll().finally(() => (this.#tidying = null));
    return this.#tidying;
  }

  async #tidyAll(): Promise<void> {
    try {
      while (this.#context.store.listTidy()) await nextTurn();
    } catch {
      // As above; an import that begins meanwhile is told by the store.
    }
  }

  #next<T>(running: Running, work: () => Promise<T>): Promise<T> {
    const done = running.last.then(work);
    running.last = done.catch(() => {});
    return done;
  }

  #find(id: unknown): Running {
    const wanted = checkInput(importId, id);
    if (this.#running?.id === wanted) return this.#running;
    throw over();
  }
}

function firstOf(ranges: PackedRanges): string[] {
  const first: string[] = [];
  for (const range of unpackRanges(ranges)) {
    if (first.length === NAMED_MAX) break;
    first.push(formatRange(range));
  }
  return first;
}

function over(): OperationError {
  const text = 'This import is over: its connection ended, or the daemon was started again. The list is as it was.';
  return new OperationError('no', 'import-over', text, 'Import the file again.');
}
