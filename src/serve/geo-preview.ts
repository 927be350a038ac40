/** What another rule of countries would have done over the last days, before it is made. */
import { setImmediate } from 'node:timers/promises';
import { parseAddress } from '../core/base/address.ts';
import { countRanges, holds, subtract, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { RegisteredSource } from '../channel/protocol.ts';
import type { Incident } from '../core/judge/incident.ts';
import { countryName } from '../policy/country-codes.ts';
import { INCIDENTS_PAGE_MAX } from '../store/store.ts';
import { inStore, type OperationsContext } from './context.ts';
import type { CountryRuleAnswer, GeoPreviewAnswer, PreviewSource, Tally } from './answers.ts';
import { allowedRanges, ruleOf } from './geo.ts';
import { geoPreviewInput } from './geo-inputs.ts';
import { checkInput } from './inputs.ts';
import { OperationError } from './operation-error.ts';

const SINCE_MS = 7 * 86_400_000;
const INCIDENTS_MAX = 100_000;
export const PREVIEW_NAMED_MAX = 100;
const TOP_MAX = 10;

export async function geoPreview(context: OperationsContext, input: unknown): Promise<GeoPreviewAnswer> {
  const { since: asked, ...change } = checkInput(geoPreviewInput, input);
  const until = context.now();
  const since = asked ?? until - SINCE_MS;
  const before = ruleOf(context);
  const after: CountryRuleAnswer = {
    ...before,
    mode: change.mode ?? before.mode,
    list: change.list ?? before.list,
    unknown: change.unknown ?? before.unknown,
  };
  refuseNobody(after);
  const allowed = allowedRanges(context);
  const blocked = [before, after].map((rule) => subtract(context.geo.blocked(rule), allowed));
  const incidents = await attacksSince(context, since);
  const registered = await askRegistered(context);
  return {
    since,
    until,
    before,
    after,
    ranges: { before: countRanges(blocked[0]), after: countRanges(blocked[1]) },
    attacks: weighAttacks(context, incidents, before, after, blocked),
    registered: weighRegistered(context, registered, blocked),
    notKnown: notKnown(incidents.length, registered),
  };
}

function refuseNobody({ mode, list }: CountryRuleAnswer): void {
  if (mode === 'off' || list.length > 0) return;
  const text = `mode ${mode} needs countries: name them, e.g. --list DE,AT`;
  throw new OperationError('usage', 'bad-input', mode === 'allow' ? `${text}; nobody else would get in` : text);
}

/** The latest of them. A hundred thousand take a second: between two pages others have their turn. */
async function attacksSince(context: OperationsContext, since: number): Promise<Incident[]> {
  const found: Incident[] = [];
  let cursor: string | null = null;
  do {
    const limit = Math.min(INCIDENTS_PAGE_MAX, INCIDENTS_MAX - found.length);
    const page = inStore(() => context.store.incidents({ since, limit, ...(cursor === null ? {} : { cursor }) }));
    found.push(...page.incidents);
    cursor = page.next;
    await setImmediate();
  } while (cursor !== null && found.length < INCIDENTS_MAX);
  return found;
}

function weighAttacks(
  context: OperationsContext,
  incidents: readonly Incident[],
  before: CountryRuleAnswer,
  after: CountryRuleAnswer,
  [blockedBefore, blockedAfter]: PackedRanges[],
): GeoPreviewAnswer['attacks'] {
  const seen = new Counted();
  const stopped = new Counted();
  const letIn = new Counted();
  for (const incident of incidents) {
    const address = parseAddress(incident.source);
    if (address === null) continue;
    const was = closes(before, incident) && holds(blockedBefore, address);
    const would = closes(after, incident) && holds(blockedAfter, address);
    seen.add(incident);
    if (would && !was) stopped.add(incident);
    if (was && !would) letIn.add(incident);
  }
  const sources = [...stopped.bySource].map(([address, one]) => ({ ...placed(context, address), ...one }));
  sources.sort((a, b) => b.incidents - a.incidents || b.last - a.last);
  const byCountry = new Map<string | null, Tally>();
  for (const { country, incidents: count } of sources) {
    const tally = byCountry.get(country) ?? { sources: 0, incidents: 0 };
    byCountry.set(country, { sources: tally.sources + 1, incidents: tally.incidents + count });
  }
  return {
    seen: seen.tally,
    stopped: stopped.tally,
    letIn: letIn.tally,
    byCountry: [...byCountry]
      .map(([country, tally]) => ({ ...tally, country, name: country === null ? 'no country' : countryName(country) }))
      .sort((a, b) => b.incidents - a.incidents),
    top: sources.slice(0, TOP_MAX),
  };
}

/** A rule closes only the ports of its protocols. */
function closes({ protocols }: CountryRuleAnswer, { kind, transport }: Incident): boolean {
  if (kind === 'tftp-bruteforce') return protocols.tftp;
  return transport === 'udp' ? protocols.sipUdp : protocols.sipTcp;
}

class Counted {
  readonly bySource = new Map<string, { incidents: number; last: number }>();
  private incidents = 0;

  add({ source, last }: Incident): void {
    this.incidents++;
    const one = this.bySource.get(source);
    this.bySource.set(source, { incidents: (one?.incidents ?? 0) + 1, last: Math.max(one?.last ?? 0, last) });
  }

  get tally(): Tally {
    return { sources: this.bySource.size, incidents: this.incidents };
  }
}

function placed(context: OperationsContext, address: string): PreviewSource {
  return { address, ...context.geo.lookup(parseAddress(address)!) };
}

/** Null: the guard does not answer. */
async function askRegistered(context: OperationsContext): Promise<RegisteredSource[] | null> {
  return (await context.guard.ask({ ask: 'registered' }).catch(() => null)) as RegisteredSource[] | null;
}

function weighRegistered(
  context: OperationsContext,
  registered: readonly RegisteredSource[] | null,
  [before, after]: PackedRanges[],
): GeoPreviewAnswer['registered'] {
  const lockedOut = (registered ?? []).filter(({ address: text }) => {
    const address = parseAddress(text);
    return address !== null && holds(after, address) && !holds(before, address);
  });
  return {
    seen: registered?.length ?? null,
    lockedOut: lockedOut
      .slice(0, PREVIEW_NAMED_MAX)
      .map((one) => ({ ...placed(context, one.address), until: one.until })),
    lockedOutCount: lockedOut.length,
  };
}

function notKnown(incidents: number, registered: readonly RegisteredSource[] | null): string[] {
  const sentences = [
    'Ringfence records attacks, not ordinary calls: who called without registering during that time is not known.',
  ];
  if (registered === null) sentences.push('The guard did not say whose phones are registered now.');
  else sentences.push('Phones that were registered earlier and are not now are not known.');
  if (incidents === INCIDENTS_MAX)
    sentences.push(`Only the last ${INCIDENTS_MAX} attacks of that time were looked at.`);
  return sentences;
}
