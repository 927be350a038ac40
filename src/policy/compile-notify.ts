/** The section `notify` of a checked document as the console uses it: milliseconds, one list of channels. */
import { parseDuration } from './duration.ts';
import type { NotifyDocument, Topic } from './notify-schema.ts';

export type { Topic };
export type EmailPolicy = { kind: 'email' } & NotifyDocument['email'][number];
export type WebhookPolicy = { kind: 'webhook' } & NotifyDocument['webhook'][number];
export type SyslogPolicy = { kind: 'syslog' } & NotifyDocument['syslog'][number];
export type CommandPolicy = { kind: 'command' } & NotifyDocument['command'][number];
export type ChannelPolicy = EmailPolicy | WebhookPolicy | SyslogPolicy | CommandPolicy;

export interface NotifyPolicy {
  /** Without a slash at the end; null: messages have no links. */
  consoleUrl: string | null;
  /** IANA name. */
  timeZone: string;
  events: { opened: boolean; escalated: boolean; ended: boolean };
  everyAttack: boolean;
  waitMs: number;
  campaign: { sourcesMin: number; windowMs: number };
  /** Minutes since midnight, local time; null: no quiet hours. `to` may be before `from`: over midnight. */
  quiet: { fromMinute: number; toMinute: number; campaigns: boolean } | null;
  /** `atMinute` as above; null: it is not sent. */
  report: { atMinute: number } | null;
  channels: ChannelPolicy[];
}

/** Invariant: as `compilePolicy`. `localZone`: the machine's time zone. */
export function compileNotify(document: NotifyDocument, localZone: string): NotifyPolicy {
  const { quiet, report, campaign } = document;
  return {
    consoleUrl: document.consoleUrl === '' ? null : document.consoleUrl.replace(/\/+$/, ''),
    timeZone: document.timeZone === '' ? localZone : document.timeZone,
    events: { ...document.events },
    everyAttack: document.everyAttack,
    waitMs: ms(document.wait),
    campaign: { sourcesMin: campaign.sources, windowMs: ms(campaign.window) },
    quiet:
      quiet.from === ''
        ? null
        : { fromMinute: minutes(quiet.from), toMinute: minutes(quiet.to), campaigns: quiet.campaigns },
    report: report.enabled ? { atMinute: minutes(report.at) } : null,
    channels: [
      ...document.email.map((channel) => ({ kind: 'email' as const, ...channel })),
      ...document.webhook.map((channel) => ({ kind: 'webhook' as const, ...channel })),
      ...document.syslog.map((channel) => ({ kind: 'syslog' as const, ...channel })),
      ...document.command.map((channel) => ({ kind: 'command' as const, ...channel })),
    ],
  };
}

const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function ms(text: string): number {
  const parsed = parseDuration(text);
  if ('problem' in parsed) throw new TypeError(`unchecked policy document: ${parsed.problem}`);
  return parsed.ms;
}
