/** What differs between two records of the audit log, whatever they are. */
import { exactTime } from '../../text/moments.ts';

export interface FieldChange {
  /** Empty: the records are no objects. */
  name: string;
  before: unknown;
  after: unknown;
}

/** The audit log keeps moments as milliseconds; these fields hold them. */
const MOMENTS = new Set(['until', 'addedAt', 'createdAt', 'since']);

export function changedFields(before: unknown, after: unknown): FieldChange[] {
  if (!isRecord(before) && !isRecord(after)) {
    return (before ?? null) === null && (after ?? null) === null ? [] : [{ name: '', before, after }];
  }
  const [old, fresh] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]))
    .map((name) => ({ name, before: momentOf(name, old[name]), after: momentOf(name, fresh[name]) }));
}

/** As people read it; nothing is a dash. */
export function inText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function momentOf(name: string, value: unknown): unknown {
  return MOMENTS.has(name) && typeof value === 'number' ? exactTime(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
