/** What is wrong with an input where its schema has no words of its own: as somebody would say it who types, not programs. */
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const NAMED_MAX = 20;
const UNITS: Record<string, string> = { string: ' characters', array: ' entries' };

/** For `safeParse`; undefined: zod's own words. */
export function inputWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'too_big':
      return `at most ${String(issue.maximum)}${unitOf(issue.origin)} are expected`;
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'number') return 'something is expected here, and nothing came';
      return `at least ${String(issue.minimum)}${unitOf(issue.origin)} are expected`;
    case 'invalid_value':
      return `expected one of ${issue.values.slice(0, NAMED_MAX).map(String).join(', ')}`;
    default:
      return undefined;
  }
}

function unitOf(origin: string): string {
  return UNITS[origin] ?? '';
}
