/** All of them. */
import { GOOD_CASES } from '../traffic/good-cases.ts';
import { FILES, FLOODS, FRAGMENTS } from './attacks-by-force.ts';
import { PATIENCE } from './attacks-by-patience.ts';
import { OTHER_TOOLS } from './attacks-by-tools.ts';
import { INSIDERS } from './attacks-from-within.ts';
import { CALLS_OF_OTHERS, TOLL_FRAUD } from './attacks-on-calls.ts';
import { EXTENSIONS, PASSWORDS, SCANNERS } from './attacks-on-accounts.ts';
import { CALLS } from './innocent-calls.ts';
import { MACHINES, PROVIDERS } from './innocent-machines.ts';
import { NAMES } from './innocent-names.ts';
import { OFFICES } from './innocent-offices.ts';
import { REFUSALS } from './innocent-refusals.ts';
import { RESTARTS } from './innocent-restarts.ts';
import { SUSPECTS } from './innocent-suspects.ts';
import type { Group } from './scenario.ts';

/** The healthy traffic that every detector was made against. */
const HEALTHY: Group = {
  title: 'Healthy traffic',
  kind: 'innocent',
  scenarios: Object.entries(GOOD_CASES).map(([name, { looksLike, traffic }]) => ({ name, note: looksLike, traffic })),
};

export const TABLE: readonly Group[] = [
  ...[
    SCANNERS,
    EXTENSIONS,
    PASSWORDS,
    TOLL_FRAUD,
    CALLS_OF_OTHERS,
    FLOODS,
    FRAGMENTS,
    FILES,
    PATIENCE,
    OTHER_TOOLS,
    INSIDERS,
  ],
  ...[SUSPECTS, OFFICES, CALLS, PROVIDERS, MACHINES, REFUSALS, RESTARTS, NAMES, HEALTHY],
];
