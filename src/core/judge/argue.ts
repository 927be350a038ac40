/** Puts the argument of a verdict together. */
import type { Policy } from '../base/policy.ts';
import { isLine } from '../base/lines.ts';
import type { Scope, Target } from '../base/target.ts';
import { CAMPAIGNS } from '../detect/distributed-bruteforce.ts';
import { STUCK_PHONE } from '../detect/register-bruteforce.ts';
import type { Argument, ArgumentShows, ArgumentUnless } from './argument.ts';
import type { Action } from './verdict.ts';
import type { Finding, Weight } from './weight.ts';

interface Decided {
  action: Action;
  scope: Scope;
  target: Target;
  reason: string;
  blocksBefore: number;
}

export function argue(
  { code, hint }: Finding,
  { confirmed, known, proven }: Weight,
  { action, scope, target, reason, blocksBefore }: Decided,
  source: Pick<Argument, 'standing' | 'phones' | 'portsBlocked'>,
  { block, trust }: Policy,
): Argument {
  const shows: ArgumentShows[] = [confirmed ? 'source-proven' : 'source-forgeable'];
  const unless: Argument['unless'] = [];
  const could = (what: ArgumentUnless, number: number | null = null) => unless.push({ code: what, number });
  if (code === STUCK_PHONE) {
    shows.push('one-user-steady');
    could('guessing', trust.retriesPerHour);
  }
  if (CAMPAIGNS.includes(code) && action !== 'watch') shows.push('took-part');
  if (isLine(target)) shows.push('line');
  else if (scope === 'network') shows.push('network');
  if (known && scope === 'port') {
    shows.push('one-port-of-known');
    if (hint.scope !== 'port' && confirmed)
      could('more-ports', Math.max(1, trust.portsBeforeAddress - source.portsBlocked + 1));
  }
  if (known && scope === 'address') shows.push('many-ports-of-known');
  if (!confirmed && (reason === 'unconfirmed' || action === 'block')) could('proven');
  if (reason === 'repeat-offender') shows.push('blocked-before');
  const whole = scope === 'address' || isLine(target);
  const ladder = action === 'block' && confirmed && whole && block.permanentAfter > 0;
  if (ladder) could('more-blocks', block.permanentAfter - blocksBefore);
  if (!known && (action === 'block' || action === 'deny')) could('registered');
  if (action !== 'pass' && action !== 'watch') could('allowlisted');
  return { ...source, proven, shows, unless };
}
