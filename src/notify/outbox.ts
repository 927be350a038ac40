/** Stages 3 and 4: for each channel a notice is let through, or held back with a reason; what was held goes out as one digest. */
import type { ChannelPolicy, Topic } from '../policy/compile-notify.ts';
import { HELD_MAX } from '../store/notify-store.ts';
import { decide, digestDue, HOUR_MS, type ChannelState } from './limit/cap.ts';
import { digest } from './limit/digest.ts';
import type { Moment } from './moment.ts';
import type { Notice } from './notice.ts';
import { isFree, isLoud, messageIdOf, recipientsOf, audienceOf } from './routes.ts';

/** Why it does not count against the cap. */
const FREE = 'not counted against the cap';

/** Kept beside the held notices: how many did not fit. */
const lostName = (channel: string) => `lost:${channel}`;

/** Into the outbox of every channel that gets it, once for each id. `except`: the channel that it is about. */
export function put(notice: Notice, moment: Moment, except?: string): void {
  const { rows, policy, wall, steady } = moment;
  const topic = audienceOf(notice);
  const topics = topic && [topic];
  const channels = policy.channels.filter(
    (channel) =>
      channel.name !== except &&
      (notice.kind !== 'test' || channel.name === notice.channel) &&
      recipientsOf(channel, topics).length > 0,
  );
  if (channels.length === 0) return;
  if (!rows.addNotice({ id: notice.id, at: wall, queued: steady, body: JSON.stringify(notice) })) return;
  for (const channel of channels) putInto(channel, notice, topics, moment);
}

function putInto(channel: ChannelPolicy, notice: Notice, topics: readonly Topic[] | null, moment: Moment): void {
  const { rows, steady, policy } = moment;
  const state = stateOf(channel, moment);
  const decision = isFree(notice)
    ? { pass: true as const, reason: FREE }
    : decide(state, isLoud(notice, policy.quiet?.campaigns ?? true));
  if (decision.pass) {
    deliver(notice.id, channel, recipientsOf(channel, topics), decision.reason, moment);
    if (decision.reason !== FREE) state.usedInHour++;
  } else if (state.held < HELD_MAX) {
    rows.hold(channel.name, { notice: notice.id, cause: decision.cause, queued: steady });
    state.held++;
  } else {
    const name = lostName(channel.name);
    rows.setState(name, (rows.state<number>(name) ?? 0) + 1);
  }
}

function deliver(notice: string, channel: ChannelPolicy, recipients: string[], reason: string, moment: Moment): void {
  const { rows, wall, steady, hostName } = moment;
  for (const recipient of recipients) {
    const messageId = messageIdOf(notice, channel.name, recipient, hostName);
    const times = { at: wall, queued: steady, due: steady };
    rows.addDelivery({ notice, channel: channel.name, recipient, messageId, reason, ...times });
  }
}

/** Asked of the store once in a pass. */
function stateOf(channel: ChannelPolicy, { rows, steady, quietUntil, channels }: Moment): ChannelState {
  let state = channels.get(channel.name);
  if (state) return state;
  state = {
    usedInHour: rows.countSince(channel.name, steady - HOUR_MS, FREE),
    perHourMax: channel.perHourMax,
    held: rows.heldCount(channel.name),
    quietUntil,
    failing: rows.failing(channel.name),
  };
  channels.set(channel.name, state);
  return state;
}

/** What waits for a channel that the policy names no more. */
export function forgetGone({ rows, policy, wall }: Moment): void {
  for (const channel of new Set([...rows.waitingChannels(), ...rows.heldChannels()])) {
    if (policy.channels.some(({ name }) => name === channel)) continue;
    rows.abandon(channel, wall, 'the policy names this channel no more');
  }
}

/** What was held goes out, as it is when it is one notice, as a digest otherwise; each recipient gets only what is theirs. */
export function putDigests(moment: Moment): void {
  const { rows, policy, steady } = moment;
  for (const channel of policy.channels) {
    const first = rows.firstHeld(channel.name);
    if (first === null) continue;
    const { due, reason } = digestDue(stateOf(channel, moment), first, steady);
    if (due) putDigest(channel, first.cause, reason, moment);
  }
}

function putDigest(
  channel: ChannelPolicy,
  cause: 'cap' | 'quiet-hours' | 'outage',
  reason: string,
  moment: Moment,
): void {
  const { rows, wall, steady, policy } = moment;
  const state = stateOf(channel, moment);
  state.held = 0;
  state.usedInHour++;
  const held = rows.takeHeld(channel.name).map(({ body }) => JSON.parse(body) as Notice);
  const lost = rows.state<number>(lostName(channel.name)) ?? 0;
  if (lost > 0) rows.setState(lostName(channel.name), 0);
  for (const [i, { recipients, notices }] of shares(channel, held).entries()) {
    const why = `digest of ${notices.length}: ${reason}`;
    if (notices.length === 1 && lost === 0) {
      deliver(notices[0].id, channel, recipients, why, moment);
      continue;
    }
    const id = `storm-${channel.name}-${notices[0].id}-${i}`.slice(0, 100);
    const { perHourMax } = channel;
    const storm = digest(notices, { id, at: wall, cause, perHourMax, lost, consoleUrl: policy.consoleUrl });
    if (rows.addNotice({ id, at: wall, queued: steady, body: JSON.stringify(storm) }))
      deliver(id, channel, recipients, why, moment);
  }
}

/** Recipients who get the same of what was held, together. */
function shares(channel: ChannelPolicy, held: readonly Notice[]): { recipients: string[]; notices: Notice[] }[] {
  const topics = held.map(audienceOf);
  const present = [...new Set(topics)];
  const found = new Map<string, { recipients: string[]; notices: Notice[] }>();
  for (const recipient of recipientsOf(channel, null)) {
    const wanted = present.filter((topic) => recipientsOf(channel, topic && [topic]).includes(recipient));
    if (wanted.length === 0) continue;
    const share = found.get(wanted.join());
    if (share) share.recipients.push(recipient);
    else
      found.set(wanted.join(), { recipients: [recipient], notices: held.filter((_, i) => wanted.includes(topics[i])) });
  }
  return [...found.values()];
}
