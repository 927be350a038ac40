/** Why an address is blocked or not: store, lists and engine asked together. Works for an address that was never seen. */
import type { Explanation } from '../core/judge/explain.ts';
import type { Incident } from '../core/judge/incident.ts';
import { JUDGE_REASONS, type Verdict } from '../core/judge/verdict.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { ExplainAnswer } from './answers.ts';
import { collect } from './attacks.ts';
import { blocked, BY_HAND, entryOf } from './blocking.ts';
import { inStore, type OperationsContext } from './context.ts';
import { address as addressInput, checkInput } from './inputs.ts';
import { documentOf } from './policy.ts';

/** Attacks of the address that are told. */
const INCIDENTS_MAX = 100;

export async function explain(context: OperationsContext, input: unknown): Promise<ExplainAnswer> {
  const address = checkInput(addressInput, input);
  const { store, guard } = context;
  // The story from the store is worth telling without the guard, too.
  const engine = (await guard.ask({ ask: 'explain', address }).catch(() => null)) as Explanation | null;
  return inStore(() => {
    const block = blocked(context).find((one) => one.address === address) ?? null;
    const facts: Facts = {
      address,
      engine,
      allow: entryOf(context, 'allow', address),
      deny: entryOf(context, 'deny', address),
      block,
      verdict: verdictFor(context, address, block?.incident ?? null),
      incidents: collect(context, { source: address }, INCIDENTS_MAX),
    };
    const earlierBlocks = store.blockHistory(address).filter((past) => past.ended !== null);
    const { mode, block: rules } = compilePolicy(documentOf(store.policyCurrent().text));
    const decision = mode === 'monitor' ? unenforced(decide(facts)) : decide(facts);
    return { ...facts, ...decision, earlierBlocks, permanentAfter: rules.permanentAfter };
  });
}

/** The verdict that led to the block, or else the last one. */
function verdictFor(context: OperationsContext, source: string, incident: string | null): Verdict | null {
  const led = incident === null ? [] : context.store.verdicts({ incident, limit: 10 });
  const blocking = led.find((one) => one.action === 'block' || one.action === 'deny');
  return blocking ?? context.store.verdicts({ source, limit: 1 })[0] ?? null;
}

type Facts = Pick<ExplainAnswer, 'address' | 'engine' | 'allow' | 'deny' | 'block' | 'verdict' | 'incidents'>;
type Decision = Pick<ExplainAnswer, 'now' | 'because' | 'reason' | 'until'>;

/** In the order in which the kernel and the judge decide. */
function decide(facts: Facts): Decision {
  const { engine, allow, deny, block } = facts;
  const still = (now: Decision['now'], reason: string | null, because: string): Decision => ({
    now,
    reason,
    because,
    until: null,
  });
  if (allow)
    return still('allow', 'allowlisted', `Allowed: ${JUDGE_REASONS.allowlisted} (${allow.range}).${yet(facts)}`);
  if (engine?.exemption === 'own-address' || engine?.exemption === 'default-gateway') {
    return still('allow', engine.exemption, `Allowed: ${JUDGE_REASONS[engine.exemption]}.${yet(facts)}`);
  }
  if (deny) return still('deny', 'denylisted', `Denied: the denylist says so (${deny.range}).`);
  if (block) return { ...blockStory(facts), until: block.until };
  if (engine?.state === 'limited') {
    const because = 'Limited: it may send only so many INVITEs a second, because of the verdict below.';
    return { now: 'limit', reason: facts.verdict?.reason ?? null, because, until: engine.until };
  }
  return openStory(facts);
}

/** Monitor mode: lists and blocks stay on record, and the kernel drops nothing. */
function unenforced(decision: Decision): Decision {
  if (!['limit', 'block', 'deny'].includes(decision.now)) return decision;
  const because = `Not blocked: ${JUDGE_REASONS['monitor-only']}. What waits for mode protect: ${decision.because}`;
  return { now: 'watch', reason: 'monitor-only', because, until: null };
}

function blockStory({ block, verdict }: Facts): Decision {
  const { reason, origin, until, dropped } = block!;
  const how = {
    manual: reason === BY_HAND ? 'Blocked by hand; no reason was given.' : `Blocked by hand: ${reason}.`,
    kernel: 'Blocked: the kernel held this block when the guard started, so why it was made is not known.',
    automatic: `Blocked by a verdict: ${judgeReason(reason)}`,
  };
  const count = dropped === 0 ? ' Nothing of it was dropped yet.' : ` Dropped so far: ${dropped} of its packets.`;
  const permanent = until === null && verdict?.reason !== 'repeat-offender' ? ' The block is permanent.' : '';
  return { now: until === null ? 'deny' : 'block', reason, because: `${how[origin]}${permanent}${count}`, until };
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
