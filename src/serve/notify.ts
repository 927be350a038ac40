/** Notifications: where channels stand, what waits, tests and secrets. */
import type { ChannelPolicy } from '../policy/compile-notify.ts';
import { recipientsOf } from '../notify/routes.ts';
import { placeOf } from '../notify/secrets.ts';
import { StoreError } from '../store/error.ts';
import type {
  NotifyChannelAnswer,
  NotifyDeliveriesAnswer,
  NotifySecretAnswer,
  NotifyTestAnswer,
  Problem,
} from './answers.ts';
import { caller } from './caller.ts';
import { inStore, type NotifyLink, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { channelName, deliveriesInput, secretInput } from './notify-inputs.ts';
import { OperationError } from './operation-error.ts';

export function notifyChannels(context: OperationsContext): NotifyChannelAnswer[] {
  const { notify, store } = context;
  if (!notify) return [];
  return notify.policy().channels.map((channel) => {
    const counts = inStore(() => store.notify.read((rows) => rows.channelCounts(channel.name)));
    const { waiting, held, deliveredAt, failing } = counts;
    return {
      name: channel.name,
      kind: channel.kind,
      destination: placeOf(channel).destination,
      recipients: recipientsOf(channel, null),
      state: failing ? 'failing' : deliveredAt === null ? 'idle' : 'fine',
      secret: notify.secrets.state(placeOf(channel)),
      perHourMax: channel.perHourMax,
      ...{ waiting, held, deliveredAt },
      problem: failing && {
        ...{ answer: failing.answer, recipient: failing.recipient, at: failing.triedAt },
        ...{ tries: failing.tries, since: failing.firstQueued },
      },
    };
  });
}

export function notifyDeliveries(context: OperationsContext, input: unknown): NotifyDeliveriesAnswer {
  const { cursor, limit, channel, state } = checkInput(deliveriesInput, input);
  const rows = inStore(() =>
    context.store.notify.read((table) =>
      table.deliveries({ ...(channel && { channel }), ...(state && { state }), before: cursor, limit: limit + 1 }),
    ),
  );
  const shown = rows.slice(0, limit);
  const steady = context.notify?.steady() ?? 0;
  return {
    items: shown.map(({ n, due, queued: _, ...row }) => ({
      id: n,
      ...row,
      nextInMs: row.state === 'waiting' ? Math.max(0, due - steady) : null,
    })),
    next: rows.length > limit ? String(shown.at(-1)!.n) : null,
  };
}

/** Resolves with what the other side said, also when it said no. */
export async function notifyTest(context: OperationsContext, input: unknown): Promise<NotifyTestAnswer> {
  const { channel, notify } = find(context, input);
  const results = await notify.test(channel.name, caller().name);
  return {
    channel: channel.name,
    results: results.map(({ recipient, delivered: { outcome, answer } }) => ({ recipient, outcome, answer })),
  };
}

export function notifySecretSet(context: OperationsContext, name: unknown, input: unknown): NotifySecretAnswer {
  const { secret } = checkInput(secretInput, input);
  return change(context, name, secret);
}

export function notifySecretRemove(context: OperationsContext, name: unknown): NotifySecretAnswer {
  return change(context, name, null);
}

function change(context: OperationsContext, name: unknown, secret: string | null): NotifySecretAnswer {
  const { channel, notify } = find(context, name);
  const place = placeOf(channel);
  const before = notify.secrets.state(place) === 'none' ? null : 'set';
  let changed: boolean;
  try {
    changed = notify.secrets.set(place, secret);
  } catch (error) {
    const text = `The secret could not be kept: ${(error as Error).message}`;
    throw new OperationError('failed', 'secret-not-kept', text, 'The one that was set before counts.');
  }
  const { name: who, origin } = caller();
  const after = secret === null ? null : 'set';
  inStore(() =>
    context.store.noteAudit({
      ...{ at: context.now(), who, origin, what: 'notify.secret', subject: channel.name, before, after },
      comment: `for ${place.destination}`,
    }),
  );
  return { channel: channel.name, secret: secret === null ? 'none' : 'set', changed };
}

function find(context: OperationsContext, input: unknown): { channel: ChannelPolicy; notify: NotifyLink } {
  const name = checkInput(channelName, input);
  const { notify } = context;
  const channels = notify?.policy().channels ?? [];
  const channel = channels.find((one) => one.name === name);
  if (channel && notify) return { channel, notify };
  const names = channels.map((one) => one.name).join(', ');
  const hint = names === '' ? 'There are none: see the section notify in docs/policy.md' : `There are: ${names}`;
  throw new OperationError('no', 'channel-unknown', `There is no channel ${name}.`, hint);
}

/** For the status: people who rely on a message must hear that it does not come. */
export function notifyProblems(context: OperationsContext): Problem[] {
  try {
    return notifyChannels(context).flatMap(problemsOf);
  } catch (error) {
    // The status says what is wrong with the store by itself.
    if (error instanceof OperationError || error instanceof StoreError) return [];
    throw error;
  }
}

function problemsOf({ name, state, problem, waiting, held, secret }: NotifyChannelAnswer): Problem[] {
  const hint = `To try it: ringfence notify test ${name}`;
  if (state === 'failing' && problem) {
    const rest = waiting + held > 0 ? `; ${waiting + held} wait` : '';
    const to = problem.recipient === name ? '' : ` to ${problem.recipient}`;
    const text = `The channel ${name} does not deliver${to}: ${problem.answer}${rest}.`;
    return [{ code: 'notify-failing', text, hint }];
  }
  if (secret !== 'other-destination') return [];
  const text = `The secret of the channel ${name} was set for another server and is not used.`;
  return [{ code: 'notify-secret-elsewhere', text, hint: `Set it anew: ringfence notify secret ${name}` }];
}
