/**
 * Values on their way into a column. What the guard reports holds attacker-controlled text, and a report that no column accepts
 * would be sent again for ever: so every value is made to fit, and none can make a statement fail.
 */

/** Characters of a name, an address or a code; a user agent; a comment or an event. Policy texts have their own cap. */
export const NAME_CHARS_MAX = 256;
export const VALUE_CHARS_MAX = 1024;
export const PROSE_CHARS_MAX = 4096;

/** Cut at `max` UTF-16 units, lone surrogates replaced (SQLite stores UTF-8); NUL and everything else is kept as it is. */
export function text(value: unknown, max = NAME_CHARS_MAX): string {
  const whole = typeof value === 'string' ? value : String(value ?? '');
  return (whole.length > max ? whole.slice(0, max) : whole).toWellFormed();
}

export function textOrNull(value: unknown, max = NAME_CHARS_MAX): string | null {
  return value === null || value === undefined ? null : text(value, max);
}

/** A whole number; what is none (NaN, infinity, a text) becomes 0. */
export function int(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 0;
  return Math.trunc(Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value)));
}

export function intOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : int(value);
}

export function textList(values: unknown, max: number): string {
  return JSON.stringify(Array.isArray(values) ? values.slice(0, max).map((value) => text(value)) : []);
}

export function listOf(json: unknown): string[] {
  try {
    const values: unknown = JSON.parse(String(json));
    return Array.isArray(values) ? values.map(String) : [];
  } catch {
    return [];
  }
}

export type Row = Record<string, never>;
