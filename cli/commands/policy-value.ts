/** Values of the policy, for people. */
import { escapeLines, escapeText } from '../escape.ts';

const SHOWN_CHARS_MAX = 4000;

/** A plain value as it is, a list or section as YAML. */
export async function showValue(value: unknown, form: 'lines' | 'inline' = 'lines'): Promise<string> {
  if (value === '') return '""';
  if (typeof value !== 'object' || value === null) return escapeText(String(value));
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? '[]' : escapeText(value.join(', '), SHOWN_CHARS_MAX);
  }
  const { stringify } = await import('yaml');
  const style = form === 'inline' ? ({ collectionStyle: 'flow', lineWidth: 0 } as const) : {};
  return escapeLines(stringify(value, style).trimEnd());
}
