/**
 * Stage 1: what was stored since the last pass becomes facts that wait. Everything is found in the store: a console that dies between
 * storing and telling finds it again, and what was open before a restart is known.
 */
import { FACTS_MAX, FOLLOWED_MAX } from '../store/notify-store.ts';
import type { StoredIncident } from '../store/store.ts';
import { changesOf, INVITE_THREADS, threadOf } from './group/incident-facts.ts';
import { CAMPAIGN, CAMPAIGN_FACTS_MAX, type OpenCampaign, type RecentSources } from './group/campaign.ts';
import type { Moment } from './moment.ts';

/** Of one pass: it blocks the console for some milliseconds; the next pass follows at once. */
export const INTAKE_MAX = 500;

const CURSOR = 'incident-row';

/** Answers true when there is more. `changed`: incidents that reports were about; `sweep`: look at all that are followed. */
export function takeIn(moment: Moment, sources: RecentSources, changed: readonly string[], sweep: boolean): boolean {
  const { rows, policy } = moment;
  const last = rows.lastIncidentRow();
  const cursor = rows.state<number>(CURSOR);
  if (cursor === null || policy.channels.length === 0) {
    // The log of a year is no news, and without channels nobody asks.
    if (cursor !== last) rows.setState(CURSOR, last);
    return false;
  }
  // What does not fit stays in the log of attacks until there is room.
  if (rows.factCount() > FACTS_MAX - 2 * INTAKE_MAX) return false;
  const room = rows.followedCount() < FOLLOWED_MAX - INTAKE_MAX;
  // Numbers are given again after the newest rows went (a damaged file).
  const from = Math.min(cursor, last);
  const open = policy.everyAttack ? null : rows.state<OpenCampaign>(CAMPAIGN);
  const full = open !== null && rows.campaignSize(open.id) >= CAMPAIGN_FACTS_MAX;
  if (full) return countOnly(moment, sources, open, from, last);
  const { incidents, row } = rows.incidentsAfter(from, INTAKE_MAX);
  for (const incident of incidents) {
    if (incident.kind !== 'invite-limit') sources.add(incident.source, moment.steady);
    compare(incident, moment, room);
  }
  if (row !== cursor) rows.setState(CURSOR, row);
  const known = sweep ? rows.followedChanged(INTAKE_MAX).map(({ incident }) => incident) : changed;
  for (const id of known) followUp(id, moment);
  return incidents.length === INTAKE_MAX || (sweep && known.length === INTAKE_MAX);
}

/** Evasion: a flood of forged sources makes attacks faster than anybody can be told of; beyond the list's end they are only counted. */
function countOnly(moment: Moment, sources: RecentSources, open: OpenCampaign, from: number, last: number): boolean {
  const { rows, steady } = moment;
  if (last === from) return false;
  const { incidents } = rows.incidentsAfter(Math.max(from, last - INTAKE_MAX), INTAKE_MAX);
  for (const { source } of incidents) sources.add(source, steady);
  rows.setState(CAMPAIGN, { ...open, unlisted: open.unlisted + last - from });
  rows.setState(CURSOR, last);
  return false;
}

function followUp(id: string, moment: Moment): void {
  const { rows } = moment;
  if (rows.followed(id) === null) return;
  const told = rows.told(id);
  if (told === null) rows.unfollow(id);
  else compare(told.incident, moment, true);
}

function compare(incident: StoredIncident, moment: Moment, room: boolean): void {
  const { rows, policy } = moment;
  const known = rows.followed(incident.id);
  const { events, after } = changesOf(incident, known);
  const open = rows.state<OpenCampaign>(CAMPAIGN);
  const thread = threadOf(incident, policy.everyAttack);
  const joins = open !== null && !policy.everyAttack && !thread.startsWith(INVITE_THREADS);
  let campaign = known?.campaign ?? null;
  for (const { event, before } of events) {
    if (campaign !== null && (event === 'ended' || campaign === open?.id)) continue;
    if (!policy.events[event]) continue;
    if (joins && event !== 'ended') campaign = open.id;
    rows.addFact({
      ...{ incident: incident.id, event, action: incident.action, before, thread },
      ...{ at: event === 'ended' ? (incident.closed ?? moment.wall) : moment.wall, queued: moment.steady, campaign },
    });
  }
  if (after === null) rows.unfollow(incident.id);
  else if (room && (known === null || known.action !== after.action || known.campaign !== campaign))
    rows.follow({ ...after, campaign });
}
