/** The policy's section `notify`: who is told what, when, and over which channels. Secrets have no place here (`notify/secrets.ts`). */
import { z } from 'zod';
import { choice, duration, flag, givenText, integer, requiredText, section, text } from './fields.ts';
import { choices, sections } from './list-fields.ts';
import {
  chatProblem,
  consoleUrlProblem,
  hostProblem,
  mailAddressProblem,
  programProblem,
  timeOfDayProblem,
  timeZoneProblem,
  userProblem,
  webhookProblem,
} from './notify-text.ts';
import { feedNameProblem, filePathProblem } from './place-text.ts';

/** What a recipient or channel can get. */
export const TOPICS = ['attacks', 'invite-limit', 'report', 'trouble'] as const;
export type Topic = (typeof TOPICS)[number];

/** Of each kind. */
export const CHANNELS_MAX = 8;
export const RECIPIENTS_MAX = 20;

const channelName = requiredText(
  'What the channel is called.',
  'lower-case letters, digits, dashes',
  feedNameProblem,
  'office',
);
const gets = (fallback: readonly Topic[]) =>
  choices(
    'attacks: opened, escalated, ended, campaigns. invite-limit: too many INVITEs. report: the daily report. trouble: the firewall’s own.',
    TOPICS,
    fallback,
  );
const perHourMax = (fallback: number) =>
  integer('More messages than this in an hour become one digest.', 'messages', fallback, 1, 100_000);
const port = (fallback: number) => integer('Its port.', 'port', fallback, 1, 65_535);
const host = (what: string, example: string) => requiredText(what, 'a host name or an address', hostProblem, example);
const verify = flag('The server’s certificate must be valid for its name.', true);
const caFile = text(
  'Certificates of your own authority (PEM), trusted beside the public ones.',
  'a path',
  filePathProblem,
  '/etc/ringfence/ca.pem',
);

const recipient = z.strictObject({
  address: requiredText('Who gets it.', 'an e-mail address', mailAddressProblem, 'admin@example.org'),
  gets: gets(TOPICS),
});

const email = z.strictObject({
  name: channelName,
  host: host('The mail server that takes it.', 'mail.example.org'),
  port: port(587),
  security: choice(
    'starttls: encrypted after a first plain line, or not sent. tls: encrypted from the start (port 465). none: in the clear.',
    ['starttls', 'tls', 'none'],
    'starttls',
  ),
  verify,
  caFile,
  user: text(
    'Who signs in; empty: nobody does. The password: ringfence notify secret NAME.',
    'a user name',
    userProblem,
    'ringfence@example.org',
  ),
  from: requiredText('The sender.', 'an e-mail address', mailAddressProblem, 'ringfence@example.org'),
  recipients: sections('Who gets what.', recipient, {
    max: RECIPIENTS_MAX,
    unit: 'recipients',
    example: '[{ address: admin@example.org }]',
  }),
  perHourMax: perHourMax(30),
});

const webhook = z.strictObject({
  name: channelName,
  url: requiredText(
    'Where it is posted to; {secret} stands for the secret of the channel.',
    'an address (https, http)',
    webhookProblem,
    'https://hooks.slack.com/services/{secret}',
  ),
  template: choice(
    'json: everything, signed with the secret. The others: as that service wants it.',
    ['json', 'slack', 'mattermost', 'teams', 'telegram', 'pagerduty'],
    'json',
  ),
  chat: text('Telegram: the chat that gets it.', 'a chat', chatProblem, '-1001234567890'),
  verify,
  caFile,
  gets: gets(['attacks', 'invite-limit', 'trouble']),
  perHourMax: perHourMax(60),
});

const syslog = z.strictObject({
  name: channelName,
  host: text('The syslog server; empty with local.', 'a host name or an address', hostProblem, 'log.example.org'),
  port: port(514),
  transport: choice(
    'tls: usually port 6514. local: this machine’s own log, /dev/log.',
    ['udp', 'tcp', 'tls', 'local'],
    'udp',
  ),
  verify,
  caFile,
  facility: choice(
    'The facility of the messages.',
    ['auth', 'authpriv', 'daemon', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
    'authpriv',
  ),
  gets: gets(['attacks', 'invite-limit', 'trouble']),
  perHourMax: perHourMax(3600),
});

const command = z.strictObject({
  name: channelName,
  program: requiredText(
    'A program in /etc/ringfence/notify.d; it gets the notice as JSON on standard input.',
    'a file name',
    programProblem,
    'tell-me',
  ),
  gets: gets(['attacks', 'invite-limit', 'trouble']),
  perHourMax: perHourMax(60),
});

export const channelSchemas = { email, webhook, syslog, command };

export const notifySection = section('Who is told, when, and how. Passwords and keys: ringfence notify secret NAME.', {
  consoleUrl: text(
    'The console as its readers reach it; messages link there.',
    'an address',
    consoleUrlProblem,
    'https://pbx.example.org:8470',
  ),
  timeZone: text(
    'Of all times in messages, quiet hours and the daily report; empty: the machine’s.',
    'a time zone',
    timeZoneProblem,
    'Europe/Berlin',
  ),
  events: section('What is told of an attack.', {
    opened: flag('It began.', true),
    escalated: flag('A higher step was taken: limit, block, for good.', true),
    ended: flag('It is over.', false),
  }),
  everyAttack: flag('Each attack on its own, neither grouped by source nor told as a campaign; the cap holds.', false),
  wait: duration('Attacks of one source within this time are one message.', '10s', '0s', '1h'),
  campaign: section('Many sources together are one message about their number.', {
    sources: integer('From this many sources on.', 'sources', 10, 2, 100_000),
    window: duration('That attack within this time.', '5m', '10s', '1d'),
  }),
  quiet: section('Quiet hours: attacks are held back, and told in one digest at their end.', {
    from: text('Local time; empty: no quiet hours.', 'a time of day', timeOfDayProblem, '22:00'),
    to: text('Local time.', 'a time of day', timeOfDayProblem, '07:00'),
    campaigns: flag('Campaigns are told in quiet hours, too.', true),
  }),
  report: section('The daily report, to all who get report.', {
    enabled: flag('Whether it is sent.', true),
    at: givenText('Local time at which the day before is reported.', 'a time of day', timeOfDayProblem, '07:00'),
  }),
  email: channelList(
    'Mail.',
    email,
    'mail accounts',
    '[{ name: office, host: mail.example.org, from: ringfence@example.org, recipients: [{ address: admin@example.org }] }]',
  ),
  webhook: channelList(
    'Web addresses that messages are posted to.',
    webhook,
    'webhooks',
    '[{ name: chat, url: "https://hooks.slack.com/services/{secret}", template: slack }]',
  ),
  syslog: channelList('Syslog servers (RFC 5424).', syslog, 'servers', '[{ name: log, host: log.example.org }]'),
  command: channelList('Programs of your own.', command, 'programs', '[{ name: pager, program: tell-me }]'),
});

export type NotifyDocument = z.output<typeof notifySection>;

function channelList<S extends z.ZodRawShape>(
  description: string,
  item: z.ZodObject<S, z.core.$strict>,
  unit: string,
  example: string,
) {
  return sections(description, item, { max: CHANNELS_MAX, unit, example });
}
