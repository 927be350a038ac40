/** Why an address is or is not blocked, as the engine knows it: plain data for the command line and the API. */
import { formatAddress, type Address } from '../base/address.ts';
import { LINE_BITS, type Lines } from '../base/lines.ts';
import type { SourceTable } from '../base/source-table.ts';
import { formatTarget, networkTarget } from '../base/target.ts';
import type { Detector, OwnThreshold, Tally } from '../detect/detector.ts';
import type { Incident } from './incident.ts';
import { snapshot, type Incidents } from './incidents.ts';
import type { Judge } from './judge.ts';
import { ownThreshold } from './overrides.ts';
import type { Standing } from './trust.ts';

export interface Explanation {
  address: string;
  /** The engine has counted packets of this address since it started. */
  known: boolean;
  /** Milliseconds since the epoch. */
  lastSeen: number | null;
  state: 'exempt' | 'denied' | 'blocked' | 'limited' | 'open';
  /** `exempt`: why (`allowlisted`, `own-address`, `default-gateway`). */
  exemption: string | null;
  /** End of the block or limit as the engine knows it; null: none, or permanent. The kernel may have extended it. */
  until: number | null;
  permanent: boolean;
  blocksBefore: number;
  suspicious: boolean;
  /** `registered`: a phone behind it holds a registration; `known`: somebody at it got in before. */
  standing: Standing;
  /** Registrations that hold behind it. */
  phones: number;
  mode: 'protect' | 'monitor';
  /** What every detector counts for it now, against its threshold. */
  counts: Tally[];
  /** Open incidents, oldest first. */
  incidents: Incident[];
}

interface Parts {
  sources: SourceTable;
  lines: Lines;
  judge: Judge;
  incidents: Incidents;
  detectors: readonly Detector[];
}

export function explain(address: Address, now: number, parts: Parts): Explanation {
  const { sources, lines, judge, incidents, detectors } = parts;
  const { source, host } = lines.place(address);
  const row = sources.find(source.w0, source.w1, source.w2, source.w3);
  const text = formatAddress(address);
  const line = host === 0 ? text : formatTarget(networkTarget(address, LINE_BITS));
  const exemption = judge.lists.exemption(address);
  const blocked = row < 0 ? 0 : judge.blocked(row, host, now);
  const limited = row < 0 ? 0 : judge.limited(row, host, now);
  const until = blocked || limited;
  const own: OwnThreshold = (name, base) => judge.thresholdAt(name, base, address);
  const ownTally = (tally: Tally) => ({ ...tally, threshold: ownThreshold(tally.what, tally.threshold, own) });
  const state = () => {
    if (exemption !== null) return 'exempt';
    if (judge.lists.denied(address)) return 'denied';
    if (blocked > 0) return 'blocked';
    return limited > 0 ? 'limited' : 'open';
  };
  return {
    address: text,
    known: row >= 0,
    lastSeen: row < 0 || sources.lastSeen(row) === 0 ? null : sources.lastSeen(row),
    state: state(),
    exemption,
    until: until > 0 && until !== Infinity ? until : null,
    permanent: blocked === Infinity,
    blocksBefore: Math.max(...[text, line].map((one) => judge.history.count(one, now, judge.policy.block.rememberMs))),
    suspicious: row >= 0 && judge.suspicious(row, now),
    standing: row < 0 ? 'unknown' : judge.trust.standingOf(row, now),
    phones: row < 0 ? 0 : judge.trust.phones(row, now),
    mode: judge.policy.mode,
    counts: row < 0 ? [] : detectors.flatMap((detector) => detector.tally(row, now, own)).map(ownTally),
    incidents: row < 0 ? [] : incidents.of(row).map(snapshot),
  };
}
