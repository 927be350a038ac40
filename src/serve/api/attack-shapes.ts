/** Incidents, verdicts and evidence, as they travel. */
import { z } from 'zod';
import { ARGUMENT_SHOWS, ARGUMENT_UNLESS } from '../../core/judge/argument.ts';
import { SCOPES } from '../../core/base/target.ts';
import {
  action,
  addressText,
  count,
  kind,
  moment,
  momentOrNull,
  placeFields,
  strangersText,
  transport,
} from './shapes.ts';

const port = z.int().min(0).max(65_535);

const argument = z
  .strictObject({
    standing: z
      .enum(['unknown', 'known', 'registered'])
      .describe('`registered`: its phone held a registration; `known`: somebody at this address got in before.'),
    phones: count.describe('Registrations that held behind the address.'),
    proven: count.describe('So many of what was counted are known to come from the source.'),
    portsBlocked: count.describe('Ports of the address that were blocked lately.'),
    shows: z.array(z.enum(ARGUMENT_SHOWS)).describe('What the evidence proves.'),
    unless: z
      .array(z.strictObject({ code: z.enum(ARGUMENT_UNLESS), number: z.int().nullable() }))
      .describe('What would have changed the verdict.'),
  })
  .meta({ id: 'Argument' });

/** Whom the action is about, and why the evidence is believed. */
const aboutFields = {
  scope: z.enum(SCOPES).meta({
    id: 'ActionScope',
    description: '`port`: one phone, its address and port; `address`; `network`: a prefix.',
  }),
  target: z.string().describe('`203.0.113.9:5062/udp`, `203.0.113.9` or `2001:db8:0:1::/64`, as `scope` says.'),
  proof: z
    .enum(['nonce', 'tcp', 'ack', 'branch'])
    .nullable()
    .describe(
      'Why the evidence is known to come from the source: it used a nonce that was sent to it, completed a TCP handshake, acknowledged a final answer, or answered a request by the branch that was sent to it. Null: anybody could have written its address.',
    ),
  argument,
};

const incidentFields = {
  id: z.string(),
  source: addressText,
  sourcePort: port.describe('Of the first counted message.'),
  victim: addressText.describe('The protected address that was attacked.'),
  victimPort: port,
  transport,
  kind,
  first: moment.describe('First counted message, milliseconds since the epoch.'),
  last: moment.describe('Last counted message, milliseconds since the epoch.'),
  count: count.describe('Messages that the detector counted, before and after the verdict.'),
  dropped: count.describe('Packets that the kernel dropped after the verdict.'),
  users: z.array(strangersText('A user tried.')).describe('The first users tried, 20 at most.'),
  usersTotal: count.describe('Distinct users tried in all.'),
  files: z.array(strangersText('A file asked for.')).describe('TFTP: the first files asked for, 20 at most.'),
  userAgent: strangersText('User-Agent of the first message that had one.').nullable(),
  action,
  ...aboutFields,
  reason: z.string().describe('Why this action: `monitor-only`, `register-bruteforce.bad-registrations` …'),
  finding: z.string().describe('What the detector found.'),
  closed: momentOrNull('it goes on'),
};

/** As the engine has it. */
export const engineIncident = z.strictObject(incidentFields).meta({ id: 'EngineIncident' });

/** As the attack log has it: with the place of its source, as it was known when the attack began. */
export const incident = z.strictObject({ ...incidentFields, ...placeFields }).meta({ id: 'Incident' });

export const verdict = z
  .strictObject({
    at: moment,
    source: addressText,
    sourcePort: port,
    victim: addressText,
    victimPort: port,
    transport,
    action,
    ...aboutFields,
    reason: z.string(),
    finding: z.string(),
    kind,
    count: count.describe('What was counted, against `threshold`, in `windowMs`.'),
    threshold: count,
    windowMs: z.int(),
    until: momentOrNull('permanent, or nothing was blocked'),
    blocksBefore: count.describe('Blocks of this source before this one.'),
    incident: z.string(),
  })
  .meta({ id: 'Verdict' });

export const message = z
  .strictObject({
    at: moment,
    side: z.enum(['in', 'out']).describe('`in`: from the source to the victim; `out`: the victim’s answer.'),
    transport,
    from: addressText,
    fromPort: port,
    to: addressText,
    toPort: port,
    summary: strangersText('`REGISTER sip:100@192.0.2.1`, `401 Unauthorized`, `RRQ phone.cfg`.'),
    method: strangersText('Of a SIP request or TFTP packet; null: an answer, or not known.').nullable(),
    status: z.int().nullable().describe('Of a SIP answer.'),
    callId: strangersText('Call-ID; null: there is none.').nullable(),
    cseq: z.number().nullable(),
    text: strangersText('The message, lines ended by a line feed; control characters as `\\x1b`.'),
    length: count.describe('Bytes of the whole message.'),
    truncated: z.boolean().describe('`text` is its beginning.'),
  })
  .meta({ id: 'AttackMessage' });

export const evidence = z
  .strictObject({
    at: moment,
    side: z.enum(['in', 'out']).describe('`in`: from the source to the victim; `out`: the victim’s answer.'),
    transport,
    from: addressText,
    fromPort: port,
    to: addressText,
    toPort: port,
    length: count.describe('Bytes of the whole message; more than `base64` holds when it was cut.'),
    base64: z.string().describe('The SIP or TFTP message.'),
  })
  .meta({ id: 'Evidence' });
