/**
 * What the operations answer: the types of the contract's shapes, which say what each field means (`api/`). Types alone: the command line
 * loads no shapes.
 */
import type { z } from 'zod';
import type { attack, attackPage } from './api/attacks.ts';
import type { evidence, message } from './api/attack-shapes.ts';
import type { auditPage } from './api/audit.ts';
import type { blockPage, promotion } from './api/blocks.ts';
import type { eventPage } from './api/events.ts';
import type { explanation } from './api/explain.ts';
import type { feed, feedChange, feedDetail, hostName } from './api/feeds.ts';
import type { country, countryRule, geoLookup, geoPreview, geoStatus, geoUpdate } from './api/geo.ts';
import type { fileImport, importChunk, importOutcome } from './api/imports.ts';
import type { coveringEntry, listedEntry, overlap } from './api/list-shapes.ts';
import type { listAddition, listPage } from './api/lists.ts';
import type { notifyChannel, notifyDelivery, notifySecret, notifyTest } from './api/notify.ts';
import type {
  policyChange,
  policyDiff,
  policyEdit,
  policyImport,
  policyText,
  policyTrial,
  policyVersion,
} from './api/policy.ts';
import type { about, health, status, trouble } from './api/status.ts';

export type Problem = z.output<typeof trouble>;
export type StatusAnswer = z.output<typeof status>;
export type HealthAnswer = z.output<typeof health>;
export type AboutAnswer = z.output<typeof about>;
export type EventsAnswer = z.output<typeof eventPage>;
export type AuditAnswer = z.output<typeof auditPage>;

export type AttacksAnswer = z.output<typeof attackPage>;
export type AttackAnswer = z.output<typeof attack>;
export type AttackMessageAnswer = z.output<typeof message>;
export type EvidenceAnswer = z.output<typeof evidence>;
export type ExplainAnswer = z.output<typeof explanation>;
export type CoveringEntry = z.output<typeof coveringEntry>;
export type FeedMention = ExplainAnswer['feeds'][number];

export type BlockedAnswer = z.output<typeof blockPage>;
export type PromoteAnswer = z.output<typeof promotion>;

export type ListPageAnswer = z.output<typeof listPage>;
export type ListEntryAnswer = z.output<typeof listedEntry>;
export type ListAddAnswer = z.output<typeof listAddition>;
export type Overlap = z.output<typeof overlap>;
export type ImportChunkAnswer = z.output<typeof importChunk>;
export type ImportAnswer = z.output<typeof importOutcome>;
export type FileImportAnswer = z.output<typeof fileImport>;

export type FeedAnswer = z.output<typeof feed>;
export type FeedDetailAnswer = z.output<typeof feedDetail>;
export type OverriddenRange = FeedDetailAnswer['overridden']['first'][number];
export type FeedChangeAnswer = z.output<typeof feedChange>;
export interface FeedsAnswer {
  feeds: FeedAnswer[];
  /** Of the allowlist, kept up to date in the same way. */
  hostNames: z.output<typeof hostName>[];
}

export type CountryRuleAnswer = z.output<typeof countryRule>;
export type GeoStatusAnswer = z.output<typeof geoStatus>;
export type GeoLookupAnswer = z.output<typeof geoLookup>;
export type GeoCountryAnswer = z.output<typeof country>;
export type GeoUpdateAnswer = z.output<typeof geoUpdate>;
export type GeoPreviewAnswer = z.output<typeof geoPreview>;
export type Tally = GeoPreviewAnswer['attacks']['seen'];
export type PreviewSource = Pick<GeoPreviewAnswer['attacks']['top'][number], 'address' | 'country' | 'asn' | 'network'>;

export type NotifyChannelAnswer = z.output<typeof notifyChannel>;
export interface NotifyDeliveriesAnswer {
  items: z.output<typeof notifyDelivery>[];
  next: string | null;
}
export type NotifyTestAnswer = z.output<typeof notifyTest>;
export type NotifySecretAnswer = z.output<typeof notifySecret>;

export type PolicyAnswer = z.output<typeof policyText>;
export type PolicyVersionAnswer = z.output<typeof policyVersion>;
export type PolicyChangeAnswer = z.output<typeof policyChange>;
export type PolicyEditAnswer = z.output<typeof policyEdit>;
export type PolicyImportAnswer = z.output<typeof policyImport>;
export type PolicyDiffAnswer = z.output<typeof policyDiff>;
export type PolicyTrialAnswer = z.output<typeof policyTrial>;
