/** One attack in sentences: the headline, what was counted, what happened when. Pure; text of strangers is not escaped. */
import type { components } from '../../api/schema.d.ts';
import { count, counted, duration, exactTime } from '../../text/moments.ts';

type Incident = components['schemas']['Incident'];
type Verdict = components['schemas']['Verdict'];
type Block = components['schemas']['Block'];

const DID: Record<Incident['kind'], string> = {
  'register-bruteforce': 'guessed passwords by REGISTER at',
  'auth-bruteforce': 'guessed passwords at',
  enumeration: 'looked for extensions of',
  'scanner-agent': 'scanned',
  'scanner-fingerprint': 'scanned',
  'invite-limit': 'made too many calls to',
  flood: 'flooded',
  malformed: 'sent malformed messages to',
  'tftp-bruteforce': 'guessed provisioning files of',
  'toll-fraud': 'tried to call abroad, at the expense of',
  'forged-request': 'forged requests in calls of others at',
  'digest-leak': 'tried to make a password leak from',
  injection: 'sent SQL, shell commands or paths in names to',
  'slow-bruteforce': 'guessed patiently at',
  'distributed-bruteforce': 'took part in guessing at',
};

/** What a finding counts. */
const COUNTED: Record<string, [one: string, many: string]> = {
  'register-bruteforce.bad-registrations': ['bad registration', 'bad registrations'],
  'register-bruteforce.unanswered-attempts': ['registration without an answer', 'registrations without an answer'],
  'auth-bruteforce.wrong-credentials': ['refused password', 'refused passwords'],
  'enumeration.users-refused': ['refused user', 'refused users'],
  'enumeration.users-abandoned': ['user asked for and left', 'users asked for and left'],
  'enumeration.users-pending': ['user asked for, no answer yet', 'users asked for, no answer yet'],
  'enumeration.users-probed': ['user probed', 'users probed'],
  'scanner-agent.certain': ['request with the name of a scanner', 'requests with the name of a scanner'],
  'scanner-fingerprint': ['request of a scanner', 'requests of a scanner'],
  'invite-limit.simultaneous': ['call at once', 'calls at once'],
  'invite-limit.rate': ['call', 'calls'],
  'flood.requests': ['request', 'requests'],
  'malformed.messages': ['malformed message', 'malformed messages'],
  'tftp-bruteforce.files-refused': ['refused file', 'refused files'],
  'tftp-bruteforce.files-asked': ['file asked for', 'files asked for'],
  'toll-fraud.unauthenticated-calls': ['costly call without a password', 'costly calls without a password'],
  'toll-fraud.prefix-walk': ['way of dialling one number', 'ways of dialling one number'],
  'forged-request.unknown-calls': ['call that nobody has', 'calls that nobody has'],
  'forged-request.foreign-calls': ['network whose call was touched', 'networks whose calls were touched'],
  'forged-request.replayed-calls': ['call with overheard credentials', 'calls with overheard credentials'],
  'digest-leak.challenges': ['challenge to our side', 'challenges to our side'],
  'injection.fragments': ['request with a fragment', 'requests with a fragment'],
  'slow-bruteforce.in-an-hour': ['guess', 'guesses'],
  'slow-bruteforce.in-a-day': ['guess', 'guesses'],
  'slow-bruteforce.in-a-week': ['guess', 'guesses'],
  'slow-bruteforce.in-haste': ['guess as a stranger', 'guesses as a stranger'],
  'slow-bruteforce.few-users': ['guess of few users', 'guesses of few users'],
  'distributed-bruteforce.one-user': ['region that tried one user', 'regions that tried one user'],
  'distributed-bruteforce.one-program': ['region with one unknown program', 'regions with one unknown program'],
  'distributed-bruteforce.one-asn': ['hostile network of one provider', 'hostile networks of one provider'],
  'distributed-bruteforce.network': ['hostile address of one network', 'hostile addresses of one network'],
};

/** `203.0.113.66 guessed passwords by REGISTER at 198.51.100.10 and is blocked until 2026-11-22 14:03:09.` */
export function headline(incident: Incident, block: Block | null, verdicts: readonly Verdict[]): string {
  const { source, kind, victim } = incident;
  return `${source} ${DID[kind]} ${victim} and ${outcome(incident, block, verdicts)}.`;
}

function outcome({ id, action, reason }: Incident, block: Block | null, verdicts: readonly Verdict[]): string {
  if (block && (block.incident === id || action === 'block' || action === 'deny')) {
    const whom = {
      port: `, this phone alone (${block.target})`,
      address: '',
      network: `, with its network ${block.target}`,
    }[block.scope];
    return block.until === null ? `is blocked for good${whom}` : `is blocked until ${exactTime(block.until)}${whom}`;
  }
  if (action === 'deny') return 'was blocked for good; that is over now';
  if (action === 'block') {
    const ends = verdicts.flatMap((verdict) => (verdict.action === 'block' ? (verdict.until ?? []) : []));
    return ends.length === 0 ? 'was blocked' : 'was blocked; that is over now';
  }
  if (action === 'limit') return 'was limited to a few calls';
  if (reason === 'monitor-only') return 'was only watched, because the policy says monitor';
  if (reason === 'allowlisted') return 'was let through, because it is on the allowlist';
  return action === 'watch' ? 'was only watched' : 'was let through';
}

/** `5 bad registrations in 1 min; 5 are enough`. */
export function measured({ finding, count: seen, threshold, windowMs }: Verdict): string {
  // Of a fingerprint the name of the tool follows the dot.
  const key = finding.startsWith('scanner-fingerprint.') ? 'scanner-fingerprint' : finding;
  const [one, many] = COUNTED[key] ?? [finding, finding];
  const within = windowMs === 0 ? '' : ` in ${duration(windowMs)}`;
  if (threshold === 1) return `${counted(seen, one, many)}; the first is enough`;
  return `${counted(seen, one, many)}${within}; ${count(threshold)} are enough`;
}

export interface Moment {
  at: number;
  title: string;
  text: string;
  /** How it is coloured. */
  tone: 'neutral' | 'warning' | 'attack' | 'well';
}

const DONE: Record<Verdict['action'], { title: string; tone: Moment['tone'] }> = {
  pass: { title: 'Let through', tone: 'neutral' },
  watch: { title: 'Watched', tone: 'warning' },
  limit: { title: 'Limited', tone: 'warning' },
  block: { title: 'Blocked', tone: 'attack' },
  deny: { title: 'Blocked for good', tone: 'attack' },
};

/** From the first message to the end, in the order of time. */
export function timeline(incident: Incident, block: Block | null, verdicts: readonly Verdict[]): Moment[] {
  const { first, last, closed, count: seen, dropped, source, sourcePort, transport } = incident;
  const decided = verdicts.map((verdict): Moment => {
    const until = verdict.until === null ? '' : ` Until ${exactTime(verdict.until)}, longer while it goes on.`;
    return {
      at: verdict.at,
      ...DONE[verdict.action],
      text: `${measured(verdict)}.${verdict.action === 'block' ? until : ''}`,
    };
  });
  const start = `From ${source}, port ${sourcePort}, over ${transport.toUpperCase()}.`;
  const moments: Moment[] = [{ at: first, title: 'First message', text: start, tone: 'neutral' }, ...decided];
  const drops = dropped === 0 ? '' : ` The kernel dropped ${counted(dropped, 'packet')}.`;
  moments.push({
    at: last,
    title: 'Last message',
    text: `${counted(seen, 'message')} counted.${drops}`,
    tone: 'neutral',
  });
  if (closed !== null) {
    moments.push({ at: closed, title: 'Over', text: 'Nothing more came for a while.', tone: 'well' });
  }
  if (block && block.since > last && block.incident !== incident.id) {
    const text = block.until === null ? 'For good.' : `Until ${exactTime(block.until)}.`;
    moments.push({ at: block.since, title: 'Blocked again', text, tone: 'attack' });
  }
  return moments.sort((a, b) => a.at - b.at);
}

/** Time of a message after the first one: `+0.000 s`, `+1 min 3 s`. */
export function offset(ms: number): string {
  return ms < 60_000 ? `+${(ms / 1000).toFixed(3)} s` : `+${duration(ms)}`;
}
