/** Many sources together: when that begins, and when it is over. Pure: sources and the steady time come in. */

/** Sources that are remembered; enough to see that a campaign of this size has begun. */
export const SOURCES_MAX = 100_000;
/** A campaign that goes on is told again: nobody waits a week for its list. */
export const CAMPAIGN_MS_MAX = 86_400_000;
/** Attacks of its list; the rest are counted, and are in the attack log. Forged sources come by the million. */
export const CAMPAIGN_FACTS_MAX = 20_000;

/** Under which name the open one is kept in the store; null: there is none. */
export const CAMPAIGN = 'campaign';

export interface CampaignRules {
  sourcesMin: number;
  windowMs: number;
}

/** As it is kept in the store. */
export interface OpenCampaign {
  id: string;
  /** Steady time. */
  since: number;
  /** Attacks that its list had no room for. */
  unlisted: number;
}

export type CampaignStep = { do: 'nothing' | 'open'; reason: string } | { do: 'end'; reason: string };

/** The sources of the last while, each with when it last began an attack. */
export class RecentSources {
  private readonly seen = new Map<string, number>();

  add(source: string, at: number): void {
    this.seen.delete(source);
    this.seen.set(source, at);
    if (this.seen.size > SOURCES_MAX) this.seen.delete(this.seen.keys().next().value!);
  }

  /** Since `since`; those before it are forgotten. */
  count(since: number): number {
    for (const [source, at] of this.seen) {
      if (at > since) break;
      this.seen.delete(source);
    }
    return this.seen.size;
  }
}

/** A campaign is over when fewer than half as many attack: at the edge it does not open and end with each source. */
export function nextStep(
  open: OpenCampaign | null,
  sources: number,
  now: number,
  { sourcesMin }: CampaignRules,
): CampaignStep {
  if (open === null) {
    return sources >= sourcesMin
      ? { do: 'open', reason: `${sources} sources, ${sourcesMin} are a campaign` }
      : { do: 'nothing', reason: `${sources} of ${sourcesMin} sources` };
  }
  const enough = Math.max(1, Math.ceil(sourcesMin / 2));
  if (sources < enough) return { do: 'end', reason: `${sources} sources, fewer than ${enough}` };
  if (now - open.since >= CAMPAIGN_MS_MAX) return { do: 'end', reason: 'it has lasted a day; another one begins' };
  return { do: 'nothing', reason: `goes on, ${sources} sources` };
}
