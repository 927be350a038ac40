/**
 * `whenDown: closed` of the policy, as the units ask for it: `when-down.ts DIRECTORY boot|protects|ended`, DIRECTORY being the guard's. `boot`: before the
 * network; `protects`: the guard has begun; `ended`: it is gone, by itself or by somebody's word.
 */
import { Desired } from '../enforce/desired.ts';
import { CLOSED_TABLE, renderClosed } from '../enforce/closed.ts';
import { Nftables } from '../enforce/nftables.ts';
import { complain, say } from './daemon-output.ts';
import { PhoneTrustKeeper } from './phone-trust.ts';
import { Standing } from './standing.ts';

const [directory, moment] = process.argv.slice(2);
const closed = new Nftables(CLOSED_TABLE);

/** A stop takes the guard's table out of the kernel; whatever else ended it leaves the table there, or a failure behind. */
function wasStopped(): boolean {
  return process.env.SERVICE_RESULT === 'success' && new Nftables().structure() === null;
}

async function close(): Promise<void> {
  const standing = new Standing(directory);
  if (standing.document.whenDown !== 'closed' || standing.policy.mode === 'monitor') return open();
  const desired = new Desired();
  new PhoneTrustKeeper(directory).restore(desired, Date.now());
  const known = [...desired.known.values()].map(({ target }) => target);
  const { ports, guests } = standing.policy;
  const { gateways } = standing.host;
  await closed.recreate(renderClosed({ ports, guests, allow: standing.ranges.allow, gateways, known }));
  say('Ringfence is not there: the protected ports are open to the allowlist and to registered phones alone.');
}

async function open(): Promise<void> {
  if (closed.structure() !== null) await closed.remove();
}

try {
  await (moment === 'protects' || (moment === 'ended' && wasStopped()) ? open() : close());
} catch (error) {
  complain(`whenDown: the protected ports stay as they are: ${(error as Error).message}`);
  process.exitCode = 1;
}
