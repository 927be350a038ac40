/** Why an address is blocked or not: store, lists and engine asked together. Works for an address that was never seen. */
import { formatAddress, parseAddress } from '../core/base/address.ts';
import type { BlockRecord, PhoneTrust } from '../channel/protocol.ts';
import type { Explanation } from '../core/judge/explain.ts';
import type { Incident } from '../core/judge/incident.ts';
import type { GateAnswer } from '../core/judge/gate.ts';
import { JUDGE_REASONS, type Verdict } from '../core/judge/verdict.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { ListEntry, ListName } from '../store/store.ts';
import type { CoveringEntry, ExplainAnswer } from './answers.ts';
import { collect } from './attacks.ts';
import { BY_HAND, covering } from './blocking.ts';
import { inStore, type OperationsContext } from './context.ts';
import { gateView, type GateView, type Phone } from './gate-view.ts';
import { geoLookup } from './geo.ts';
import { addressOrPhone, checkInput } from './inputs.ts';
import { documentOf } from './policy.ts';

/** Attacks of the address that are told. */
const INCIDENTS_MAX = 100;
/** Blocked phones that a sentence names. */
const PHONES_NAMED_MAX = 5;
/** Entries of a list that cover one address: more than this many nested ranges nobody reads. */
const ENTRIES_MAX = 100;

export async function explain(context: OperationsContext, input: unknown): Promise<ExplainAnswer> {
  const { address, ...asked } = checkInput(addressOrPhone, input);
  const { store, guard } = context;
  // The story from the store is worth telling without the guard, too.
  const engine = (await guard.ask({ ask: 'explain', address }).catch(() => null)) as Explanation | null;
  const trust = (await guard.ask({ ask: 'trust', address }).catch(() => null)) as PhoneTrust | null;
  return inStore(() => {
    const blocks = covering(context, address);
    const phone = phoneOf(asked, blocks);
    const block = decisive(blocks, phone, trust);
    const entries = coveringEntries(context, address);
    const exempt = engine?.exemption === 'own-address' || engine?.exemption === 'default-gateway';
    const facts: Facts = {
      ...{ address, port: phone?.port ?? null, transport: phone?.transport ?? null },
      engine,
      trust,
      entries,
      allow: narrowest(entries, 'allow'),
      deny: narrowest(entries, 'deny'),
      block,
      blocks,
      verdict: verdictFor(context, address, block?.incident ?? null),
      incidents: collect(context, { source: address }, INCIDENTS_MAX),
      place: geoLookup(context, { addresses: [address] })[0],
      gate: gateView(context, parseAddress(address)!, { exempt, blocks, trust, phone }),
    };
    const earlierBlocks = store.blockHistory(address).filter((past) => past.ended !== null);
    const { mode, block: rules } = compilePolicy(documentOf(store.policyCurrent().text));
    const decision = mode === 'monitor' ? unenforced(decide(facts)) : decide(facts);
    const { gate, ...told } = facts;
    const { feeds, guest } = gate;
    return { ...told, feeds, guest, ...decision, earlierBlocks, permanentAfter: rules.permanentAfter };
  });
}

/** Without a transport the one that a phone with this port is blocked over. */
function phoneOf(
  asked: { port: number | null; transport: Phone['transport'] | null },
  blocks: BlockRecord[],
): Phone | null {
  const { port } = asked;
  if (port === null) return null;
  const blocked = blocks.find((block) => block.port === port);
  return { port, transport: asked.transport ?? blocked?.transport ?? 'udp' };
}

/** What drops the packets that were asked for: as in the gate, by hand first, then the narrowest, and networks spare registered phones. */
function decisive(blocks: BlockRecord[], phone: Phone | null, trust: PhoneTrust | null): BlockRecord | null {
  const spared = (trust?.known ?? null) !== null;
  return (
    blocks.find(({ origin }) => origin === 'manual') ??
    blocks.find(
      ({ scope, port, transport }) =>
        scope === 'address' ||
        (scope === 'network' && !spared) ||
        (port !== null && port === phone?.port && transport === phone.transport),
    ) ??
    null
  );
}

/** Of both lists, the widest first; and the host names of the allowlist that resolve to the address. */
function coveringEntries(context: OperationsContext, text: string): CoveringEntry[] {
  const address = parseAddress(text)!;
  const point = { first: address, last: address };
  const of = (list: ListName) =>
    context.store.listOverlapping(list, point, ENTRIES_MAX).map((entry): CoveringEntry => ({ ...entry, list }));
  const names = [...context.hostNames.addresses()].filter(([, found]) =>
    found.some((one) => formatAddress(one) === text),
  );
  const named = names.flatMap(([name]) =>
    context.store.listPage('allow', { filter: name }).entries.filter(({ range }) => range === name),
  );
  return [...named.map((entry): CoveringEntry => ({ ...entry, list: 'allow' })), ...of('allow'), ...of('deny')];
}

function narrowest(entries: readonly CoveringEntry[], list: ListName): ListEntry | null {
  const found = entries.findLast((entry) => entry.list === list);
  if (found === undefined) return null;
  const { list: _, ...entry } = found;
  return entry;
}

/** When the last entry that covers it ends; null: one of them does not. */
function listEnd(entries: readonly CoveringEntry[], list: ListName): number | null {
  const ends = entries.filter((entry) => entry.list === list).map(({ until }) => until);
  return ends.includes(null) ? null : Math.max(...(ends as number[]));
}

/** The verdict that led to the block, or else the last one. */
function verdictFor(context: OperationsContext, source: string, incident: string | null): Verdict | null {
  const led = incident === null ? [] : context.store.verdicts({ incident, limit: 10 });
  const blocking = led.find((one) => one.action === 'block' || one.action === 'deny');
  return blocking ?? context.store.verdicts({ source, limit: 1 })[0] ?? null;
}

type Facts = Pick<
  ExplainAnswer,
  | 'address'
  | 'port'
  | 'transport'
  | 'trust'
  | 'blocks'
  | 'engine'
  | 'entries'
  | 'allow'
  | 'deny'
  | 'block'
  | 'verdict'
  | 'incidents'
  | 'place'
> & { gate: GateView };
type Decision = Pick<ExplainAnswer, 'now' | 'because' | 'reason' | 'until'>;

/** The gate decides; what it lets through may still be limited or watched. */
function decide(facts: Facts): Decision {
  const { engine, entries, allow, deny, gate } = facts;
  switch (gate.elsewhere.reason) {
    case 'exempt': {
      const reason = engine!.exemption as 'own-address' | 'default-gateway';
      return { now: 'allow', reason, because: `Allowed: ${JUDGE_REASONS[reason]}.${yet(facts)}`, until: null };
    }
    case 'allowlisted': {
      const because = `Allowed: ${JUDGE_REASONS.allowlisted} (${named(allow)}).${yet(facts)}`;
      return { now: 'allow', reason: 'allowlisted', because, until: listEnd(entries, 'allow') };
    }
    case 'denylisted':
    case 'blocked-by-hand':
    case 'blocked-phone':
    case 'blocked':
    case 'blocked-network':
      // A block of an address that the denylist covers ends without consequence.
      if (deny === null) return { ...blockStory(facts), until: facts.block!.until };
      return {
        ...{ now: 'deny', reason: 'denylisted', until: listEnd(entries, 'deny') },
        because: `Denied: the denylist says so (${named(deny)}).`,
      };
  }
  const closed = gate.doors.find(({ answer }) => answer.action === 'drop');
  if (closed) return closedStory(facts, closed.answer);
  if (engine?.state === 'limited') {
    const because = 'Limited: it may send only so many INVITEs a second, because of the verdict below.';
    return { now: 'limit', reason: facts.verdict?.reason ?? null, because, until: engine.until };
  }
  return aside(openStory(facts), facts);
}

function named(entry: ListEntry | null): string {
  if (entry === null) return 'its entry is not known';
  return entry.comment === '' ? entry.range : `${entry.range}, “${entry.comment}”`;
}

/** Feeds and countries close the protected ports and nothing else. */
function closedStory({ gate, place }: Facts, { reason, feed }: GateAnswer): Decision {
  const names = gate.doors.filter(({ answer }) => answer.action === 'drop').map(({ name }) => name);
  const why = feed === null ? place.because.replace(/:.*$/s, '') : `the feed ${feed} lists it`;
  const because = `Blocked: ${why}. This closes the ports of ${names.join(', ')}; other ports stay open to it.`;
  return { now: 'block', reason, because, until: null };
}

/** What else is worth knowing about an address that gets in. */
function aside(decision: Decision, { gate, blocks, block, trust }: Facts): Decision {
  const watched = gate.feeds.filter(({ action }) => action === 'watch').map(({ name }) => name);
  const sentences = [
    ...watched.map((name) => ` But the feed ${name} lists it and is only watched.`),
    ...phonesAside(blocks.filter((one) => one.scope === 'port' && one !== block)),
    ...(trust !== null && trust.phones.length > 0
      ? [
          ` ${plural(trust.phones.length)} of it ${trust.phones.length === 1 ? 'is' : 'are'} registered, and get in first in a flood.`,
        ]
      : []),
    ...(gate.guest ? [' It is one of the guests that this gateway protects.'] : []),
  ];
  return { ...decision, because: decision.because + sentences.join('') };
}

function plural(phones: number): string {
  return phones === 1 ? 'One phone' : `${phones} phones`;
}

function phonesAside(blocked: BlockRecord[]): string[] {
  if (blocked.length === 0) return [];
  const named = blocked.slice(0, PHONES_NAMED_MAX).map(({ target }) => target);
  const rest = blocked.length > named.length ? ` and ${blocked.length - named.length} more` : '';
  return [
    ` But ${blocked.length === 1 ? 'one phone behind it is' : 'phones behind it are'} blocked alone: ${named.join(', ')}${rest}.`,
  ];
}

/** Monitor mode: lists and blocks stay on record, and the kernel drops nothing. */
function unenforced(decision: Decision): Decision {
  if (!['limit', 'block', 'deny'].includes(decision.now)) return decision;
  const because = `Not blocked: ${JUDGE_REASONS['monitor-only']}. What waits for mode protect: ${decision.because}`;
  return { now: 'watch', reason: 'monitor-only', because, until: null };
}

function blockStory({ block, verdict }: Facts): Decision {
  const { reason, origin, until, dropped } = block!;
  const whom = {
    port: ` Only this phone is: what else comes from ${block!.address} is not.`,
    address: '',
    network: ` All of its network ${block!.address} is, but for phones that are registered and addresses where such phones are.`,
  }[block!.scope];
  const how = {
    manual: reason === BY_HAND ? 'Blocked by hand; no reason was given.' : `Blocked by hand: ${reason}.`,
    kernel: 'Blocked: the kernel held this block when the guard started, so why it was made is not known.',
    automatic: `Blocked by a verdict: ${judgeReason(reason)}`,
  };
  const count = dropped === 0 ? ' Nothing of it was dropped yet.' : ` Dropped so far: ${dropped} of its packets.`;
  const permanent = until === null && verdict?.reason !== 'repeat-offender' ? ' The block is permanent.' : '';
  return {
    now: until === null ? 'deny' : 'block',
    reason,
    because: `${how[origin]}${whom}${permanent}${count}`,
    until,
  };
}

/** `register-bruteforce.bad-registrations` stays; a reason of the judge's own gets its sentence. */
function judgeReason(reason: string): string {
  return reason in JUDGE_REASONS ? `${JUDGE_REASONS[reason as keyof typeof JUDGE_REASONS]} (${reason}).` : `${reason}.`;
}

function openStory(facts: Facts): Decision {
  const open = facts.incidents.find((incident) => incident.closed === null && incident.action === 'watch');
  if (open) {
    const because = `Watched: its ${open.kind} is recorded and not blocked, because ${watchReason(open)}.`;
    return { now: 'watch', reason: open.reason, because, until: null };
  }
  const last = facts.incidents[0];
  const because = last
    ? `Not blocked: no block is in force. Its last attack was ${last.kind}, and the answer was ${last.action} (${last.reason}).`
    : 'Not blocked: it is on no list, no block is in force and no attack of it is recorded.';
  return { now: 'pass', reason: null, because, until: null };
}

function watchReason(incident: Incident): string {
  return incident.reason === 'monitor-only'
    ? JUDGE_REASONS['monitor-only']
    : `the policy says watch for ${incident.kind}`;
}

function yet({ incidents }: Facts): string {
  return incidents.length === 0 ? '' : ` Its attacks are recorded all the same: ${incidents.length}.`;
}
