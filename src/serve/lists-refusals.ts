/** What does not go on the denylist, and into no block by hand: it would break a promise or do nothing. */
import { compareAddress, inRange, parseRange, type Address, type AddressRange } from '../core/base/address.ts';
import { packRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { Explanation } from '../core/judge/explain.ts';
import { isTooWide, wideEntry } from '../lists/address-cell.ts';
import type { ListName } from '../store/store.ts';
import { inStore, type OperationsContext } from './context.ts';
import { caller } from './caller.ts';
import { GuardRefusal } from './guard-link.ts';
import { explainRefusal } from './guard-refusals.ts';
import { contactsOf, lockedOut, requireConfirmation } from './lock-out.ts';
import { OperationError } from './operation-error.ts';
import { documentOf, policyInForce } from './policy.ts';

/** No packet that came over a network has such a source (RFC 6890, RFC 5771, RFC 4291 §2.5, §2.7). */
const NO_SOURCES: [range: string, what: string][] = [
  ['0.0.0.0/8', '“this network”: hosts without an address send from it, nobody else'],
  ['127.0.0.0/8', 'the loopback of this machine'],
  ['224.0.0.0/4', 'a multicast group: packets go to it, none comes from it'],
  ['255.255.255.255', 'the broadcast address: packets go to it, none comes from it'],
  ['::', 'the address of hosts that have none yet'],
  ['::1', 'the loopback of this machine'],
  ['ff00::/8', 'a multicast group: packets go to it, none comes from it'],
];

/** Errors: `OperationError` `refused` when all of the range is nobody's source. */
export function refuseNoSource(text: string): void {
  const range = parseRange(text);
  if (range === null) return;
  const found = NO_SOURCES.find(([nowhere]) => within(range, parseRange(nowhere)!));
  if (!found) return;
  throw new OperationError(
    'refused',
    'no-source',
    `${text} can be no source: ${found[1]} (${found[0]}).`,
    'Check the address: attacks name the sources of their packets (ringfence attacks)',
  );
}

/** A denylist entry inside the allowlist would look like protection and be none: the allowlist wins. */
export function refuseAllowlisted(context: OperationsContext, text: string): void {
  const range = parseRange(text)!;
  const covering = inStore(() => context.store.listOverlapping('allow', range)).find((entry) => {
    const allowed = parseRange(entry.range);
    return allowed !== null && within(range, allowed);
  });
  if (!covering) return;
  throw new OperationError(
    'refused',
    'allowlisted',
    `${text} is on the allowlist (${covering.range}): the entry would have no effect.`,
    `Take it off first: ringfence allow remove ${covering.range}`,
  );
}

/** This machine's own addresses and its gateway (product.md, Never): the engine knows them. */
export async function refuseExempt(context: OperationsContext, text: string): Promise<void> {
  const { first, last } = parseRange(text)!;
  if (compareAddress(first, last) !== 0) return;
  const engine = (await context.guard.ask({ ask: 'explain', address: text }).catch((error: unknown) => {
    throw explainRefusal(error, text);
  })) as Explanation | null;
  if (engine?.exemption) throw explainRefusal(new GuardRefusal(engine.exemption, text), text);
}

/** Where the denylist has no effect, whatever it says: no source at all, this machine, its default gateways. */
export function exemptRanges({
  own,
  gateways,
}: {
  own: readonly Address[];
  gateways: readonly Address[];
}): PackedRanges {
  const ours = [...own, ...gateways].map((address) => ({ first: address, last: address }));
  return packRanges([...NO_SOURCES.map(([range]) => parseRange(range)!), ...ours]);
}

/** Whom `more` on the denylist would shut out that gets in today: one sentence each. */
export async function shutOutByDenying(context: OperationsContext, more: PackedRanges): Promise<string[]> {
  const { store } = context;
  const policy = policyInForce(context, documentOf(inStore(() => store.policyCurrent()).text));
  const [allow, deny] = inStore(() => [store.packed('allow'), store.packed('deny')]);
  const ranges = { allow, deny, country: packRanges([]), feeds: [] };
  const contacts = await contactsOf(context, caller().sessions, policy.ports.management);
  // Whom the list shuts out already is no news: `more` alone instead of a union of millions of entries.
  return lockedOut(contacts, { policy, ranges }, { policy, ranges: { ...ranges, deny: more } });
}

export async function confirmDenying(context: OperationsContext, text: string, confirmed: boolean): Promise<void> {
  if (confirmed) return;
  requireConfirmation(await shutOutByDenying(context, packRanges([parseRange(text)!])), confirmed);
}

/** A slip of the pen (`/0` for `/30`) would cut everybody off, or switch the firewall off. */
export function confirmWide(list: ListName, text: string, confirmed: boolean): void {
  const range = parseRange(text);
  if (range === null || confirmed || !isTooWide(list, range)) return;
  const { effect, bits } = wideEntry(list, range);
  throw new OperationError(
    'refused',
    'needs-confirmation',
    `Nothing was changed, because ${text} is wider than a /${bits}: ${effect}.`,
    'If that is meant, repeat the command with --yes',
  );
}

function within(range: AddressRange, holder: AddressRange): boolean {
  return inRange(range.first, holder) && inRange(range.last, holder);
}
