/** The whole contract, noun by noun, in the order of the document. */
import { attacksGroup } from './attacks.ts';
import { auditGroup } from './audit.ts';
import { backupsGroup } from './backups.ts';
import { blocksGroup } from './blocks.ts';
import type { Group } from './endpoint.ts';
import { eventsGroup } from './events.ts';
import { explainGroup } from './explain.ts';
import { feedsGroup } from './feeds.ts';
import { geoGroup } from './geo.ts';
import { accountGroup, sessionGroup } from './identity.ts';
import { tokensGroup, usersGroup } from './identity-admin.ts';
import { importsGroup } from './imports.ts';
import { liveGroup } from './live.ts';
import { listsGroup } from './lists.ts';
import { notifyGroup } from './notify.ts';
import { policyGroup } from './policy.ts';
import { reportsGroup } from './reports.ts';
import { statisticsGroup } from './statistics.ts';
import { statusGroup } from './status.ts';
import { viewsGroup } from './views.ts';

export const contract: readonly Group[] = [
  statusGroup,
  statisticsGroup,
  reportsGroup,
  attacksGroup,
  viewsGroup,
  blocksGroup,
  explainGroup,
  listsGroup,
  importsGroup,
  feedsGroup,
  geoGroup,
  policyGroup,
  notifyGroup,
  auditGroup,
  eventsGroup,
  backupsGroup,
  liveGroup,
  sessionGroup,
  accountGroup,
  usersGroup,
  tokensGroup,
];
