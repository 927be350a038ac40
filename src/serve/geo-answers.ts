/** What the operations of countries answer, as it travels. */
import type { CountrySize } from '../geo/country-table.ts';
import type { CountryStatus, Place } from '../geo/country-status.ts';
import type { PolicyDocument } from '../policy/schema.ts';

export type CountryRuleAnswer = Pick<PolicyDocument['countries'], 'mode' | 'list' | 'unknown' | 'protocols'>;

export interface GeoStatusAnswer extends CountryStatus {
  rule: CountryRuleAnswer;
  /** Ranges that the rule blocks. */
  blocked: { rangesV4: number; rangesV6: number };
}

export interface GeoLookupAnswer extends Place {
  address: string;
  countryName: string | null;
  /** `blocked` on the protected ports of the rule's protocols. `special`: no rule of countries is for it. */
  outcome: 'off' | 'special' | 'allowlisted' | 'blocked' | 'passes';
  /** One sentence for people. */
  because: string;
}

export interface GeoCountryAnswer extends CountrySize {
  name: string;
  blocked: boolean;
}

export interface GeoUpdateAnswer {
  /** False: the data in use were the newest already. */
  changed: boolean;
  status: GeoStatusAnswer;
}

export interface Tally {
  sources: number;
  incidents: number;
}

export interface PreviewSource extends Place {
  address: string;
}

export interface GeoPreviewAnswer {
  /** The time that was looked at, milliseconds since the epoch. */
  since: number;
  until: number;
  before: CountryRuleAnswer;
  after: CountryRuleAnswer;
  ranges: { before: number; after: number };
  attacks: {
    seen: Tally;
    /** Would have been stopped, and are not now. */
    stopped: Tally;
    /** Are stopped now, and would not have been. */
    letIn: Tally;
    /** Of those that would have been stopped, most incidents first. */
    byCountry: (Tally & { country: string | null; name: string })[];
    top: (PreviewSource & { incidents: number; last: number })[];
  };
  registered: {
    /** Sources with registered phones now; null: the guard did not say. */
    seen: number | null;
    /** Of them those that the change would lock out, at most `PREVIEW_NAMED_MAX`. */
    lockedOut: (PreviewSource & { until: number })[];
    lockedOutCount: number;
  };
  /** What cannot be told, as sentences. */
  notKnown: string[];
}
