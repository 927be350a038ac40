/** `--policy FILE`: the file wins at every start, and a file with errors changes nothing. */
import { formatPolicyError, type PolicyError } from '../../policy/policy-error.ts';
import { renderPolicy } from '../../policy/render.ts';
import { parsePolicy, readPolicyFile } from '../../policy/yaml-file.ts';
import type { Problem } from '../../serve/answers.ts';
import { StoreError } from '../../store/error.ts';
import type { Store } from '../../store/store.ts';

/** Errors that are spelled out in the event; the file is at hand for the others. */
const ERRORS_TOLD_MAX = 10;

/**
 * Makes the file the policy, as a new version when it says something else than the one in force. Null: the file is in force; else
 * why the previous policy stays.
 */
export function adoptPolicyFile(store: Store, path: string, now: number): Problem | null {
  const read = readPolicyFile(path);
  if ('errors' in read) return tell(store, invalid(path, read.errors), now);
  const current = parsePolicy(store.policyCurrent().text, 'policy');
  const same = 'document' in current && renderPolicy(current.document) === renderPolicy(read.document);
  if (same) return null;
  try {
    store.policySet(read.text, { now, by: 'policy file', comment: path });
    return null;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const text = `The policy file ${path} could not be stored: ${error.message}; the previous policy stays in force.`;
    return tell(store, { code: error.code, text, hint: error.hint }, now);
  }
}

function invalid(path: string, errors: PolicyError[]): Problem {
  const told = errors.slice(0, ERRORS_TOLD_MAX).map(formatPolicyError).join('\n');
  const more = errors.length > ERRORS_TOLD_MAX ? `\n… and ${errors.length - ERRORS_TOLD_MAX} more` : '';
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  const text = `The policy file has ${count}; the previous policy stays in force.\n${told}${more}`;
  return { code: 'policy-file-invalid', text, hint: `Correct it and check it: ringfence check ${path}` };
}

function tell(store: Store, problem: Problem, now: number): Problem {
  try {
    store.noteEvent({ at: now, level: 'error', code: problem.code, text: problem.text });
  } catch (error) {
    // A full disk must not keep the console from starting; the problem is in the status and in the guard's log.
    if (!(error instanceof StoreError)) throw error;
  }
  return problem;
}
