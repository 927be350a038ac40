/** What two documents say differently, field by field. */
import { describePolicy } from './schema.ts';
import type { PolicyDocument } from './schema.ts';

export interface PolicyChange {
  /** `detect.flood.threshold`. */
  path: string;
  before: unknown;
  after: unknown;
  /** Of lists: the entries that only the one or the other has; both empty when only the order differs. */
  removed?: unknown[];
  added?: unknown[];
}

const LEAVES = describePolicy().filter((field) => field.kind !== 'section' && !field.path.includes('[]'));

/** In the order of the document. */
export function diffPolicies(before: PolicyDocument, after: PolicyDocument): PolicyChange[] {
  const changes: PolicyChange[] = [];
  for (const { path } of LEAVES) {
    const one = valueAt(before, path);
    const other = valueAt(after, path);
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    const lists = Array.isArray(one) && Array.isArray(other);
    const parts = lists ? { removed: without(one, other), added: without(other, one) } : {};
    changes.push({ path, before: one, after: other, ...parts });
  }
  return changes;
}

function without(list: unknown[], other: unknown[]): unknown[] {
  const known = new Set(other.map((item) => JSON.stringify(item)));
  return list.filter((item) => !known.has(JSON.stringify(item)));
}

function valueAt(document: PolicyDocument, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
}
