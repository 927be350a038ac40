/** What is wrong with the long lists: changes that are not in force, feeds, country data. What is in force stays so all the while. */
import type { FeedStatus } from '../feeds/feed.ts';
import type { CountryStatus } from '../geo/country-status.ts';
import type { HostNameStatus } from '../feeds/host-name.ts';
import type { Problem } from './answers.ts';
import type { OperationsContext } from './context.ts';

type Sources = Pick<OperationsContext, 'ranges' | 'feeds' | 'hostNames' | 'geo'>;

export function listProblems({ ranges, feeds, hostNames, geo }: Sources): Problem[] {
  return [
    ...ranges.problems().map(notInForce),
    ...feeds.status().flatMap(ofFeed),
    ...hostNames.status().flatMap(ofHostName),
    ...ofCountries(geo.status()),
  ];
}

function notInForce({ what, text }: { what: string; text: string }): Problem {
  return {
    code: 'lists-not-in-force',
    text: `A change of ${what} is not in force yet: ${text}`,
    hint: 'It is tried again by itself. If it stays: ringfence doctor, and the log of the daemon.',
  };
}

function ofFeed({ name, state, problem, confirmedAt }: FeedStatus): Problem[] {
  if (problem === null) return [];
  const kept = state === 'waiting' ? 'nothing of it is in force' : 'the last good copy stays in force';
  const since = state === 'stale' && confirmedAt !== null ? `not confirmed since ${utc(confirmedAt)}; ` : '';
  const hint = problem.hint === null ? '' : `${capital(problem.hint)}. `;
  return [
    {
      code: state === 'stale' ? 'feed-stale' : problem.code,
      text: `Feed ${name}: ${problem.text}; ${since}${kept}.`,
      hint: `${hint}See ringfence feeds show ${name}`,
    },
  ];
}

/** Remarks about an answer that is in force are none of these. */
const UNANSWERED: ReadonlySet<string> = new Set(['host-name-unresolved', 'host-name-gone']);

/** What of it stays in force is in its text. */
function ofHostName({ name, problem }: HostNameStatus): Problem[] {
  if (problem === null || !UNANSWERED.has(problem.code)) return [];
  const hint = `Check the name servers of this machine, or take it off: ringfence allow remove ${name}`;
  return [{ code: problem.code, text: `Allowlist: ${problem.text}.`, hint }];
}

function ofCountries({ problem, inUse }: CountryStatus): Problem[] {
  if (problem === null) return [];
  const kept = inUse === null ? 'no country is known' : `the data in use stay (${inUse.source})`;
  const hint = problem.hint ?? 'It is tried again by itself.';
  return [
    {
      code: problem.code,
      text: `Country data: ${problem.text} Meanwhile ${kept}.`,
      hint: `${hint} See ringfence geo status`,
    },
  ];
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const utc = (at: number): string => new Date(at).toISOString();
