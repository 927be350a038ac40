/** What is recorded of attacks, for trying a changed policy on it (`ringfence policy try`). */
import { z } from 'zod';
import { parseAddress } from '../core/base/address.ts';
import { holds } from '../core/base/packed-ranges.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { POLICY_BYTES_MAX } from '../policy/yaml-file.ts';
import type { StoredIncident } from '../store/store.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import type { EvidenceAnswer } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { shutOutBy } from './lock-out.ts';
import { documentOf, outlookOf, readPolicy } from './policy.ts';

/** Attacks in one answer; their evidence may have 256 kB each. */
const PAGE_MAX = 100;
const VERDICTS_MAX = 10;

export const recordsInput = z.strictObject({
  name: z.string().max(4096).default('file'),
  /** The changed policy: its lists, feeds and countries decide, too. */
  text: z.string().max(POLICY_BYTES_MAX),
  since: z.number().int().min(0),
  cursor: z.string().max(200).optional(),
});

export interface PolicyRecordAnswer {
  incident: StoredIncident;
  verdict: Verdict | null;
  evidence: EvidenceAnswer[];
  shutOut: { present: string | null; changed: string | null };
  allowed: boolean;
}

export interface PolicyRecordsAnswer {
  records: PolicyRecordAnswer[];
  /** Cursor of the next page; null: there is none. */
  next: string | null;
  /** The policy in force. */
  present: PolicyDocument;
}

export function policyRecords(context: OperationsContext, input: unknown): PolicyRecordsAnswer {
  const { name, text, since, cursor } = checkInput(recordsInput, input);
  const changed = readPolicy(text, name);
  return inStore(() => {
    const present = documentOf(context.store.policyCurrent().text);
    const outlooks = { present: outlookOf(context, present), changed: outlookOf(context, changed) };
    const page = context.store.incidents({ since, limit: PAGE_MAX, ...(cursor === undefined ? {} : { cursor }) });
    const records = page.incidents.map((incident): PolicyRecordAnswer => {
      const address = parseAddress(incident.source)!;
      const by = (which: 'present' | 'changed') => shutOutBy(address, outlooks[which])?.by ?? null;
      return {
        incident,
        verdict: verdictOf(context, incident.id),
        evidence: context.store.evidence(incident.id).map(({ bytes, ...item }) => {
          return { ...item, base64: Buffer.from(bytes).toString('base64') };
        }),
        shutOut: { present: by('present'), changed: by('changed') },
        allowed: holds(outlooks.present.ranges.allow, address),
      };
    });
    return { records, next: page.next, present };
  });
}

function verdictOf({ store }: OperationsContext, incident: string): Verdict | null {
  const verdicts = store.verdicts({ incident, limit: VERDICTS_MAX });
  return verdicts.find(({ action }) => action === 'block' || action === 'deny') ?? verdicts.at(-1) ?? null;
}
