/** Notifications in the console: the stages with their channels, secrets and report, kept at what the policy says. */
import { hostname } from 'node:os';
import type { GuardReport } from '../../channel/protocol.ts';
import type { MakeReport } from '../../notify/channel.ts';
import { makeChannel } from '../../notify/channels.ts';
import { systemClock } from '../../notify/clock.ts';
import { Notifier } from '../../notify/notifier.ts';
import { render } from '../../notify/render/render.ts';
import { placeOf, Secrets } from '../../notify/secrets.ts';
import { compileNotify, type NotifyPolicy } from '../../policy/compile-notify.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import type { NotifyLink } from '../../serve/context.ts';
import type { Store } from '../../store/store.ts';
import { complain } from '../daemon-output.ts';
import type { StoreTrouble } from './committer.ts';

/** Programs that root has put there for the channels of kind `command`. */
const COMMAND_DIRECTORY = '/etc/ringfence/notify.d';

export interface NotificationsOptions {
  store: Store;
  policy: PolicyDocument;
  dataDirectory: string;
  makeReport: MakeReport;
}

export class Notifications implements NotifyLink {
  readonly secrets: Secrets;
  private readonly clock = systemClock();
  private readonly notifier: Notifier;

  constructor({ store, policy, dataDirectory, makeReport }: NotificationsOptions) {
    this.secrets = new Secrets(dataDirectory);
    const hostName = hostname();
    this.notifier = new Notifier(compiled(policy), {
      ...{ store, hostName, makeReport, clock: this.clock },
      makeChannel: (channel) =>
        makeChannel(channel, {
          secretOf: () => this.secrets.of(placeOf(channel)),
          hostName,
          commandDirectory: COMMAND_DIRECTORY,
        }),
      onDefect: (error) => complain(`notifications: ${error.stack ?? error.message}`),
      render: (notice, { timeZone, consoleUrl }) => render(notice, { timeZone, hostName, consoleUrl }),
    });
  }

  policy(): NotifyPolicy {
    return this.notifier.policy;
  }

  use(policy: PolicyDocument): void {
    const next = compiled(policy);
    if (JSON.stringify(next) !== JSON.stringify(this.notifier.policy)) this.notifier.use(next);
  }

  test(channel: string, by: string) {
    return this.notifier.test(channel, by);
  }

  steady(): number {
    return this.clock.steady();
  }

  /** They are on disk now. */
  committed(reports: readonly GuardReport[]): void {
    const incidents = reports.flatMap((report) =>
      report.type === 'incidents' ? report.changes.map(({ incident }) => incident.id) : [],
    );
    const events = reports.some(({ type }) => type === 'event');
    if (incidents.length > 0 || events) this.notifier.stored(incidents);
  }

  storeTrouble(trouble: StoreTrouble | null): void {
    this.notifier.storeTrouble(trouble);
  }

  close(): Promise<void> {
    return this.notifier.close();
  }
}

function compiled(policy: PolicyDocument): NotifyPolicy {
  return compileNotify(policy.notify, Intl.DateTimeFormat().resolvedOptions().timeZone);
}
