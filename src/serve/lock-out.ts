/**
 * Would a change of lists or policy shut out the administrator who makes it, or phones that are registered now? Such a change is not
 * made before somebody has said that it is meant.
 */
import { formatAddress, parseAddress, type Address } from '../core/base/address.ts';
import { holds } from '../core/base/packed-ranges.ts';
import type { Policy, PortRange } from '../core/base/policy.ts';
import type { RangeOrders } from '../channel/protocol.ts';
import type { OperationsContext } from './context.ts';
import { establishedConnections } from './established.ts';
import { OperationError } from './operation-error.ts';

/** An address that somebody would miss. */
export interface Contact {
  address: Address;
  /** `your session`, `a connection to port 22`, `phones are registered from there`. */
  what: string;
  /** The local port of a connection of an administrator; null for phones. */
  port: number | null;
}

/** What decides who gets in: lists as the kernel would hold them, and the policy. */
export interface Outlook {
  policy: Policy;
  ranges: RangeOrders;
}

/** What the command line knows of its user: SSH_CONNECTION's client address and the server's port. */
export interface Session {
  address: string;
  port: number | null;
}

/** Addresses that are told one by one; a change that hits more is told by their number. */
const TOLD_MAX = 10;

/**
 * Everybody to look after: the caller's own session, connections to the management ports, and sources with live registrations.
 * A guard that does not answer knows no registrations; the change itself will fail then.
 */
export async function contactsOf(
  context: Pick<OperationsContext, 'guard'>,
  sessions: readonly Session[],
  management: readonly PortRange[],
  connections = establishedConnections(management),
): Promise<Contact[]> {
  const contacts = new Map<string, Contact>();
  const note = (address: Address | null, what: string, port: number | null) => {
    if (address === null || isLoopback(address)) return;
    const key = `${formatAddress(address)} ${port ?? ''}`;
    if (!contacts.has(key)) contacts.set(key, { address, what, port });
  };
  for (const { address, port } of sessions) note(parseAddress(address), 'your own session comes from there', port);
  for (const { remote, localPort } of connections) note(remote, `is connected to port ${localPort} now`, localPort);
  const registered = await context.guard.ask({ ask: 'registered' }).catch(() => []);
  for (const source of registered as { address: string }[]) {
    note(parseAddress(source.address), 'phones are registered from there', null);
  }
  return [...contacts.values()];
}

/** One sentence for each address that the change would shut out, and that gets in today. Empty: the change locks nobody out. */
export function lockedOut(contacts: readonly Contact[], before: Outlook, after: Outlook): string[] {
  const told: string[] = [];
  for (const { address, what, port } of contacts) {
    const shut = shutOutBy(address, after);
    const name = formatAddress(address);
    if (shut !== null && shutOutBy(address, before)?.by !== shut.by) {
      told.push(`${name} would be shut out of ${shut.of} by ${shut.by}: ${what}.`);
    } else if (port !== null && covered(before, port) && !covered(after, port) && !exempt(address, after)) {
      told.push(`${name} could be shut out of port ${port} by an automatic block: ${what}.`);
    }
  }
  return told;
}

/** Throws `OperationError` `needs-confirmation` when there is something to confirm and nobody did. */
export function requireConfirmation(told: readonly string[], confirmed: boolean): void {
  if (told.length === 0 || confirmed) return;
  const more = told.length > TOLD_MAX ? [`… and ${told.length - TOLD_MAX} more addresses.`] : [];
  throw new OperationError(
    'refused',
    'needs-confirmation',
    ['Nothing was changed, because this would shut somebody out:', ...told.slice(0, TOLD_MAX), ...more].join('\n  '),
    'If that is meant, repeat the command with --yes; to keep an address in: ringfence allow add ADDRESS',
  );
}

interface ShutOut {
  by: string;
  of: string;
}

/** As the gate decides (ARCHITECTURE.md): allowlist, denylist, feeds, countries; null: the address gets in. */
export function shutOutBy(address: Address, { policy, ranges }: Outlook): ShutOut | null {
  if (policy.mode === 'monitor' || holds(ranges.allow, address)) return null;
  if (holds(ranges.deny, address)) return { by: 'the denylist', of: 'all ports' };
  const blocking = new Set(policy.feeds.filter(({ action }) => action === 'block').map(({ name }) => name));
  const feed = ranges.feeds.find((one) => blocking.has(one.name) && holds(one.ranges, address));
  if (feed) return { by: `the feed ${feed.name}`, of: 'the protected ports' };
  const { mode, protocols } = policy.countries;
  const closed = protocols.sipUdp || protocols.sipTcp || protocols.tftp;
  if (mode === 'off' || !closed || !holds(ranges.country, address)) return null;
  return { by: 'the countries', of: `the protected ports (${protocolsText(protocols)})` };
}

function protocolsText(protocols: Policy['countries']['protocols']): string {
  const named = [protocols.sipUdp && 'SIP over UDP', protocols.sipTcp && 'SIP over TCP', protocols.tftp && 'TFTP'];
  return named.filter((name) => name !== false).join(', ');
}

function exempt(address: Address, { policy, ranges }: Outlook): boolean {
  return policy.mode === 'monitor' || holds(ranges.allow, address);
}

function covered({ policy }: Outlook, port: number): boolean {
  return policy.ports.management.some((range) => port >= range.first && port <= range.last);
}

function isLoopback({ w0, w1, w2, w3 }: Address): boolean {
  return w0 === 0 && w1 === 0 && ((w2 === 0xffff && w3 >>> 24 === 127) || (w2 === 0 && w3 === 1));
}
