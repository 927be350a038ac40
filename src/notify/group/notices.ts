/** Stage 2: facts that have waited long enough become notices, those of one source one; many sources become a campaign. */
import { FACTS_MAX, type AttackFact, type Told } from '../../store/notify-store.ts';
import { attackFacts } from '../attack-facts.ts';
import { asAttachment } from '../limit/digest.ts';
import type { Moment } from '../moment.ts';
import { GROUPED_MAX, type AttackFacts, type AttackNotice, type Notice } from '../notice.ts';
import { put } from '../outbox.ts';
import { stormCsv } from '../render/storm-csv.ts';
import { campaignFacts } from './campaign-facts.ts';
import { CAMPAIGN, CAMPAIGN_FACTS_MAX, nextStep, type OpenCampaign, type RecentSources } from './campaign.ts';
import { headOf, INVITE_THREADS } from './incident-facts.ts';

/** Of one pass; the next follows at once. */
const THREADS_MAX = 500;
/** Without grouping, an incident and its verdict, which come a moment apart, are still one message. */
const ALONE_WAIT_MS = 1000;

/** Answers true when there is more. */
export function tellThreads(moment: Moment): boolean {
  const { rows, policy, steady } = moment;
  const waitMs = policy.everyAttack ? Math.min(ALONE_WAIT_MS, policy.waitMs) : policy.waitMs;
  const threads = rows.threadsDue(steady - waitMs, THREADS_MAX);
  for (const thread of threads) for (const notice of noticesOf(thread, moment)) put(notice, moment);
  return threads.length === THREADS_MAX;
}

function noticesOf(thread: string, moment: Moment): Notice[] {
  const { rows, policy, wall } = moment;
  const facts = rows.takeThread(thread);
  const attacks = new Map<string, AttackFacts>();
  for (const { incident } of facts) {
    const told = attacks.has(incident) ? null : rows.told(incident);
    if (told) attacks.set(incident, factsOf(told, policy.consoleUrl));
  }
  const known = facts.filter(({ incident }) => attacks.has(incident));
  if (known.length === 0) return [];
  if (thread.startsWith(INVITE_THREADS)) {
    const opened = known.filter(({ event }) => event === 'opened');
    if (opened.length > 0) return opened.map(({ incident }) => inviteNotice(attacks.get(incident)!, wall));
  }
  const head = headOf(known, ({ incident }) => attacks.get(incident)!.action);
  return [attackNotice(head, attacks, wall)];
}

function inviteNotice(attack: AttackFacts, at: number): Notice {
  return { kind: 'invite-limit', id: `invite-limit-${attack.incident}`, at, attack };
}

function attackNotice(head: AttackFact, attacks: ReadonlyMap<string, AttackFacts>, at: number): AttackNotice {
  const others = [...attacks.values()].filter(({ incident }) => incident !== head.incident);
  const step = head.event === 'escalated' ? `-${head.action}` : '';
  return {
    kind: `attack-${head.event}`,
    id: `${head.event}-${head.incident}${step}`,
    at,
    attack: attacks.get(head.incident)!,
    before: head.before,
    others: others.slice(0, GROUPED_MAX),
    othersTotal: others.length,
  };
}

/** Opens a campaign, or ends the one that is open. */
export function tellCampaign(moment: Moment, sources: RecentSources): void {
  const { rows, policy, steady } = moment;
  const open = rows.state<OpenCampaign>(CAMPAIGN);
  if (policy.everyAttack || policy.channels.length === 0) {
    if (open !== null) endCampaign(open, moment);
    return;
  }
  const recent = sources.count(steady - policy.campaign.windowMs);
  const step = nextStep(open, recent, steady, policy.campaign);
  if (step.do === 'open') openCampaign(recent, moment);
  else if (step.do === 'end') endCampaign(open!, moment);
}

function openCampaign(recent: number, moment: Moment): void {
  const { rows, policy, wall, steady } = moment;
  const campaign: OpenCampaign = { id: `campaign-${wall.toString(36)}`, since: steady, unlisted: 0 };
  rows.setState(CAMPAIGN, campaign);
  rows.joinCampaign(campaign.id, `${INVITE_THREADS}%`);
  const attacks = members(campaign, moment);
  const facts = campaignFacts(attacks, wall, policy.consoleUrl);
  // Those that were told on their own before it was one.
  facts.sources = Math.max(facts.sources, recent);
  put({ kind: 'campaign-opened', id: `${campaign.id}-opened`, at: wall, campaign: facts, attachments: [] }, moment);
}

function endCampaign(campaign: OpenCampaign, moment: Moment): void {
  const { rows, policy, wall } = moment;
  const attacks = members(campaign, moment);
  rows.setState(CAMPAIGN, null);
  rows.endCampaign(campaign.id);
  // Of a backup that was restored: its attacks are not in the store.
  if (attacks.length === 0) return;
  const list = attacks.map((attack): Notice => ({
    ...{ kind: 'attack-opened', id: attack.incident, at: attack.first },
    ...{ attack, before: null, others: [], othersTotal: 0 },
  }));
  const facts = campaignFacts(attacks, wall, policy.consoleUrl);
  facts.incidents += campaign.unlisted;
  facts.unlisted = campaign.unlisted;
  const attachments = [asAttachment(stormCsv(list))];
  put({ kind: 'campaign-ended', id: `${campaign.id}-ended`, at: wall, campaign: facts, attachments }, moment);
}

function members({ id }: OpenCampaign, { rows, policy }: Moment): AttackFacts[] {
  return rows.campaignMembers(id, CAMPAIGN_FACTS_MAX + FACTS_MAX).map((told) => factsOf(told, policy.consoleUrl));
}

function factsOf({ incident, verdict }: Told, consoleUrl: string | null): AttackFacts {
  return attackFacts(incident, verdict, consoleUrl);
}
