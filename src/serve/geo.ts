/** Countries: the data in use, where an address is, and what the policy's rule makes of it. */
import { parseAddress, type Address } from '../core/base/address.ts';
import { holds, packRanges, union, type PackedRanges } from '../core/base/packed-ranges.ts';
import { GeoError } from '../geo/geo-error.ts';
import { countryName } from '../policy/country-codes.ts';
import { inStore, type OperationsContext } from './context.ts';
import type {
  CountryRuleAnswer,
  GeoCountryAnswer,
  GeoLookupAnswer,
  GeoStatusAnswer,
  GeoUpdateAnswer,
} from './answers.ts';
import { geoLookupInput, geoUpdateInput } from './geo-inputs.ts';
import { checkInput } from './inputs.ts';
import { awaitForce } from './lists-force.ts';
import { OperationError } from './operation-error.ts';
import { refuseOwnFile } from './own-files.ts';
import { documentOf } from './policy.ts';

export function ruleOf(context: OperationsContext): CountryRuleAnswer {
  const { mode, list, unknown, protocols } = documentOf(inStore(() => context.store.policyCurrent()).text).countries;
  return { mode, list, unknown, protocols };
}

/** The allowlist with the addresses of its host names. */
export function allowedRanges(context: OperationsContext): PackedRanges {
  const named = [...context.hostNames.addresses().values()].flat();
  const list = inStore(() => context.store.packed('allow'));
  return union(list, packRanges(named.map((address) => ({ first: address, last: address }))));
}

export function geoStatus(context: OperationsContext): GeoStatusAnswer {
  const rule = ruleOf(context);
  const { v4, v6 } = context.geo.blocked(rule);
  return { ...context.geo.status(), rule, blocked: { rangesV4: v4.length / 2, rangesV6: v6.length / 8 } };
}

export function geoLookup(context: OperationsContext, input: unknown): GeoLookupAnswer[] {
  const { addresses } = checkInput(geoLookupInput, input);
  const rule = ruleOf(context);
  const blocked = context.geo.blocked(rule);
  const allowed = allowedRanges(context);
  const outcomeOf = (address: Address): GeoLookupAnswer['outcome'] => {
    if (context.geo.isSpecial(address)) return 'special';
    if (rule.mode === 'off') return 'off';
    if (!holds(blocked, address)) return 'passes';
    return holds(allowed, address) ? 'allowlisted' : 'blocked';
  };
  return addresses.map((text) => {
    const address = parseAddress(text)!;
    const outcome = outcomeOf(address);
    const place = context.geo.lookup(address);
    const name = place.country === null ? null : countryName(place.country);
    return { address: text, ...place, countryName: name, outcome, because: because(outcome, name, rule) };
  });
}

function because(outcome: GeoLookupAnswer['outcome'], name: string | null, rule: CountryRuleAnswer): string {
  switch (outcome) {
    case 'special':
      return 'It is a private or special address: no rule of countries is for it.';
    case 'off':
      return 'No country is blocked (countries.mode is off).';
    case 'allowlisted':
      return 'The rule of countries would block it, but it is on the allowlist, which wins.';
    case 'blocked':
      return `${matched(name, rule)}: ${protocolsText(rule)}.`;
    case 'passes':
      return `${matched(name, rule)}: it passes.`;
  }
}

function matched(name: string | null, { mode, list, unknown }: CountryRuleAnswer): string {
  if (name === null) return `It has no country (countries.unknown is ${unknown})`;
  const listed = list.some((code) => countryName(code) === name) ? 'is' : 'is not';
  return `${name} ${listed} one of the ${mode === 'allow' ? 'allowed' : 'blocked'} countries`;
}

export function protocolsText({ protocols }: CountryRuleAnswer): string {
  const closed = [
    protocols.sipUdp ? 'SIP over UDP' : null,
    protocols.sipTcp ? 'SIP over TCP' : null,
    protocols.tftp ? 'TFTP' : null,
  ].filter((name) => name !== null);
  return closed.length === 0 ? 'blocked on no protocol' : `blocked on the ports of ${closed.join(', ')}`;
}

/** All that the data know, by code. */
export function geoCountries(context: OperationsContext): GeoCountryAnswer[] {
  const { mode, list } = ruleOf(context);
  const blocked = (code: string) => mode !== 'off' && list.includes(code) === (mode === 'block');
  return context.geo
    .countries()
    .map((size) => ({ ...size, name: countryName(size.code), blocked: blocked(size.code) }));
}

/** Ready when the kernel holds the countries as the new data have them. */
export async function geoUpdate(context: OperationsContext, input: unknown): Promise<GeoUpdateAnswer> {
  const { file, acceptLoss } = checkInput(geoUpdateInput, input ?? {});
  if (file !== undefined) refuseOwnFile(context, 'file', file);
  try {
    const changed = await context.geo.update({ ...(file === undefined ? {} : { file }), acceptLoss });
    await awaitForce('The country data', context.ranges.countriesInForce());
    return { changed, status: geoStatus(context) };
  } catch (error) {
    if (!(error instanceof GeoError)) throw error;
    const outcome = REFUSALS.has(error.code) ? 'refused' : file === undefined ? 'failed' : 'usage';
    throw new OperationError(outcome, error.code, `${error.message}\nThe data in use stay.`, error.hint);
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['geo-shrunk', 'geo-family-lost']);
