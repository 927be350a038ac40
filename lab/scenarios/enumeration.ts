/** Extensions looked for with svwar, by each method that it knows, under the names of ordinary phones. */
import assert from 'node:assert/strict';
import type { DetectorSlug } from '../../src/core/base/policy.ts';
import { ADDRESSES } from '../network.ts';
import { NO_SCANNER_LISTS, refusedUser, type Scenario } from '../scenario.ts';

interface Row {
  method: 'REGISTER' | 'INVITE' | 'OPTIONS';
  /** Who notices first, and after how many refusals: a refused REGISTER is a bad registration, the others are users asked for. */
  kind: DetectorSlug;
  threshold: number;
}

const ROWS: Row[] = [
  { method: 'REGISTER', kind: 'register-bruteforce', threshold: 5 },
  { method: 'INVITE', kind: 'enumeration', threshold: 10 },
  { method: 'OPTIONS', kind: 'enumeration', threshold: 10 },
];

export const enumeration: Scenario[] = ROWS.map(({ method, kind, threshold }) => ({
  name: `svwar-${method.toLowerCase()}`,
  title: `svwar looks for extensions by ${method}, with the user agents of real phones`,
  pbx: { unknownUsers: 'refuse' },
  policy: NO_SCANNER_LISTS,
  async run(stage) {
    const source = ADDRESSES.attacker2.v4;
    const attack = {
      from: 'attacker2' as const,
      userAgents: ['Linphone/4.4.1', 'Z 5.5.9 v2.10.17.2', 'PolycomVVX-VVX_411-UA/5.9.5.0614'],
    };
    const tool = stage.starts(`svwar -m ${method} -e 100-999`, stage.attackers.svwar(method, '100-999', [], attack));
    const { incident } = await stage.expectBlocked(source, kind);
    assert.equal(incident.victim, stage.network.victim.v4);
    assert(
      incident.usersTotal >= threshold,
      `${incident.usersTotal} users are named, at least ${threshold} were tried`,
    );
    const said = await stage.ends(tool);
    assert(!/\b1000\b/.test(said), 'svwar found an extension');
    await stage.expectFewReached(source, threshold, refusedUser(source));
  },
}));
