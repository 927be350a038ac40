/** Whom a verdict or incident is about, and how it is argued: four columns that both tables have. */
import { NO_ARGUMENT, type Argument } from '../../core/judge/argument.ts';
import type { Verdict } from '../../core/judge/verdict.ts';
import { text, textOrNull, VALUE_CHARS_MAX } from './values.ts';
import type { Row } from './values.ts';

type About = Pick<Verdict, 'source' | 'scope' | 'target' | 'proof' | 'argument'>;

/** In the order `scope, target, proof, argument`. What most rows have is null. */
export function aboutValues({ source, scope, target, proof, argument }: About): [string, ...(string | null)[]] {
  const told = JSON.stringify(argument) ?? '';
  // An argument is a few codes and numbers; what is longer is none of ours.
  const kept = told.length <= VALUE_CHARS_MAX && told !== JSON.stringify(NO_ARGUMENT) ? told : null;
  return [text(scope), target === source ? null : text(target), textOrNull(proof), kept];
}

export function aboutOf(row: Row): Pick<About, 'scope' | 'target' | 'proof' | 'argument'> {
  return { scope: row.scope, target: row.target ?? row.source, proof: row.proof, argument: argumentOf(row.argument) };
}

function argumentOf(json: string | null): Argument {
  try {
    return json === null ? NO_ARGUMENT : { ...NO_ARGUMENT, ...(JSON.parse(json) as Partial<Argument>) };
  } catch {
    return NO_ARGUMENT;
  }
}
