/** A changed policy on recorded attacks: who would have been blocked, newly or no longer. Changes nothing. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { parseAddress } from '../core/base/address.ts';
import { holds } from '../core/base/packed-ranges.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import { setAt } from '../policy/paths.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import type { TrialRecord, TrialResult } from '../trial/record.ts';
import type { RecordsTrial } from '../trial/records-worker.ts';
import type { PolicyTrialAnswer } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { shutOutBy, type Outlook } from './lock-out.ts';
import { OperationError } from './operation-error.ts';
import { documentOf, invalid, outlookOf, readPolicy } from './policy.ts';
import { tryInput } from './policy-inputs.ts';

const WEEK_MS = 7 * 86_400_000;
/** Attacks that are looked at, and the evidence of all of them: what the trial may cost in memory. */
const RECORDS_MAX = 10_000;
const EVIDENCE_BYTES_MAX = 64 * 1024 * 1024;
/** Attacks read from the store before others get their turn. */
const PAGE = 50;
const VERDICTS_MAX = 10;
const TRIAL_MS_MAX = 40_000;
const TRIAL_MEMORY_MB = 512;

/** One trial at a time: each may take a processor for seconds. */
export class PolicyTrials {
  readonly #context: OperationsContext;
  #busy = false;

  constructor(context: OperationsContext) {
    this.#context = context;
  }

  async run(input: unknown): Promise<PolicyTrialAnswer> {
    const { name, text, changes, since } = checkInput(tryInput, input);
    const present = documentOf(inStore(() => this.#context.store.policyCurrent()).text);
    const changed = text === undefined ? edited(present, changes ?? []) : readPolicy(text, name);
    if (this.#busy) {
      throw new OperationError('refused', 'trial-busy', 'Another policy is being tried.', 'Try again in a minute.');
    }
    this.#busy = true;
    try {
      const from = since ?? this.#context.now() - WEEK_MS;
      const { records, complete } = await collect(this.#context, from, present, changed);
      const result = await inWorker({ records, present, changed });
      if (!complete) result.limits.push(`Only the latest ${records.length} attacks were tried.`);
      return { attacks: records.length, ...result };
    } finally {
      this.#busy = false;
    }
  }
}

function edited(present: PolicyDocument, changes: readonly { path: string; value: string }[]): PolicyDocument {
  let document = present;
  for (const { path, value } of changes) {
    const changed = setAt(document, path, value);
    if ('errors' in changed) throw invalid(changed.errors, null);
    document = changed.document;
  }
  return document;
}

async function collect(
  context: OperationsContext,
  since: number,
  present: PolicyDocument,
  changed: PolicyDocument,
): Promise<{ records: TrialRecord[]; complete: boolean }> {
  const outlooks = inStore(() => ({ present: outlookOf(context, present), changed: outlookOf(context, changed) }));
  const records: TrialRecord[] = [];
  let bytes = 0;
  let cursor: string | null = null;
  do {
    const page = inStore(() => context.store.incidents({ since, limit: PAGE, ...(cursor === null ? {} : { cursor }) }));
    for (const incident of page.incidents) {
      const evidence = inStore(() => context.store.evidence(incident.id));
      bytes += evidence.reduce((sum, item) => sum + item.bytes.length, 0);
      if (bytes > EVIDENCE_BYTES_MAX || records.length === RECORDS_MAX) return { records, complete: false };
      const address = parseAddress(incident.source)!;
      const by = (outlook: Outlook) => shutOutBy(address, outlook)?.by ?? null;
      records.push({
        incident,
        evidence,
        verdict: inStore(() => verdictOf(context, incident.id)),
        shutOut: { present: by(outlooks.present), changed: by(outlooks.changed) },
        allowed: holds(outlooks.present.ranges.allow, address),
      });
    }
    cursor = page.next;
    await nextTurn();
  } while (cursor !== null);
  return { records, complete: true };
}

function verdictOf({ store }: OperationsContext, incident: string): Verdict | null {
  const verdicts = store.verdicts({ incident, limit: VERDICTS_MAX });
  return verdicts.find(({ action }) => action === 'block' || action === 'deny') ?? verdicts.at(-1) ?? null;
}

/** Detectors run over the evidence, so in a thread of its own: the console goes on answering. */
function inWorker(workerData: RecordsTrial): Promise<TrialResult> {
  const worker = new Worker(new URL('../trial/records-worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: TRIAL_MEMORY_MB },
  });
  return new Promise<TrialResult>((resolve, reject) => {
    const failed = (why: string) => {
      const hint = 'Try a shorter time.';
      reject(new OperationError('failed', 'trial-failed', `The policy could not be tried: ${why}.`, hint));
    };
    const timer = setTimeout(() => failed(`it took more than ${TRIAL_MS_MAX / 1000} s`), TRIAL_MS_MAX);
    worker.once('message', resolve);
    worker.once('error', (error) => failed(error.message));
    worker.once('exit', () => {
      clearTimeout(timer);
      failed('it ended early');
    });
  }).finally(() => worker.terminate());
}
