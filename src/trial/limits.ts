/** What a trial cannot know, so that nobody believes more than was seen. */
import { diffPolicies } from '../policy/diff.ts';
import { parseDuration } from '../policy/duration.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import type { TrialRecord } from './record.ts';

export function limitsOfRecords(
  records: readonly TrialRecord[],
  present: PolicyDocument,
  changed: PolicyDocument,
): string[] {
  const limits = [
    'Evidence holds the first messages of each attack only; where a threshold alone decides, what was counted in all was used.',
  ];
  const without = records.filter(({ evidence }) => evidence.length === 0).length;
  if (without > 0) limits.push(`Of ${without} of ${records.length} attacks no evidence is kept (any more).`);
  const changes = diffPolicies(present, changed);
  const touched = (prefix: string) => changes.some(({ path }) => path.startsWith(prefix));
  if (changes.some(({ path, before, after }) => isStricter(path, before, after))) {
    limits.push(
      'Only attacks are recorded: whom a stricter detector would block that was no attack so far cannot be seen here. Try a capture.',
    );
  }
  if (touched('ports.') || touched('guests')) {
    limits.push('What was sent to ports and guests that were not protected was never seen.');
  }
  if (touched('countries.') || touched('feeds')) {
    limits.push('Of countries and feeds only sources of attacks are shown: good callers are not recorded.');
  }
  return limits;
}

export function limitsOfCapture(present: PolicyDocument, changed: PolicyDocument): string[] {
  const limits = ['Of the allowlist, the denylist, feeds and countries a capture says nothing: they were not asked.'];
  const touched = diffPolicies(present, changed).some(({ path }) => /^(countries|feeds)\b/.test(path));
  return touched
    ? [...limits, 'What the change says about countries or feeds is not tried: ringfence geo preview.']
    : limits;
}

/** Whether a change lets a detector find more than before. */
function isStricter(path: string, before: unknown, after: unknown): boolean {
  if (path === 'overrides' || path.endsWith('.overrides') || path.includes('.certain') || path.includes('.suspicious'))
    return true;
  if (!path.startsWith('detect.')) return false;
  if (path.endsWith('.enabled')) return after === true;
  if (path.endsWith('.action')) return after === 'block' || after === 'deny';
  if (path.endsWith('.suspicionWeight')) return Number(after) > Number(before);
  if (path.endsWith('.window')) return lengthOf(after) > lengthOf(before);
  return typeof before === 'number' && Number(after) < before;
}

function lengthOf(text: unknown): number {
  const parsed = parseDuration(String(text));
  return 'ms' in parsed ? parsed.ms : 0;
}
