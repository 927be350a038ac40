/** Every scenario by topic: the order of `npm run lab -- --list`, and one test file for each topic. */
import type { Scenario } from '../scenario.ts';
import { expiry, extended, fourthIsPermanent } from './block-life.ts';
import { console } from './console.ts';
import { countriesAndFeeds } from './countries-and-feeds.ts';
import { enumeration } from './enumeration.ts';
import {
  badPolicy,
  cleanStop,
  consoleKilled,
  damagedDatabase,
  everythingKilled,
  flushed,
  fullDisk,
} from './failures.ts';
import { inviteBlock, inviteLimit, inviteWatch, malformed, optionsFlood, tftpWalk } from './floods.ts';
import { gateway } from './gateway.ts';
import { phonesNeverBlocked } from './good-cases.ts';
import { allowlisted, byHand, explained, monitorOnly } from './lists.ts';
import {
  lineCrack,
  silentPbx,
  svcrack,
  svcrackDisguised,
  svcrackDisguisedV6,
  tcpBruteforce,
  unprotected,
} from './register.ts';
import { neighbours } from './neighbours.ts';
import { scanners } from './scanners.ts';

export const SCENARIOS = {
  attacks: [
    unprotected,
    svcrack,
    svcrackDisguised,
    svcrackDisguisedV6,
    lineCrack,
    tcpBruteforce,
    silentPbx,
    ...enumeration,
    ...scanners,
  ],
  floods: [inviteWatch, inviteLimit, inviteBlock, optionsFlood, malformed, tftpWalk],
  gateway,
  good: phonesNeverBlocked,
  administrator: [allowlisted, monitorOnly, byHand, explained],
  lists: countriesAndFeeds,
  console,
  neighbours,
  blocks: [expiry, extended, fourthIsPermanent],
  failures: [consoleKilled, everythingKilled, cleanStop, flushed, fullDisk, damagedDatabase, badPolicy],
} satisfies Record<string, Scenario[]>;

export type Topic = keyof typeof SCENARIOS;
