/**
 * The policy document: what an administrator writes (YAML), with every field's description, unit, range and default. The manual,
 * the comments of a rendered policy and (later) the API and the web forms are made from it, so it is the one place to change.
 * `compile.ts` turns a checked document into the `Policy` that engine and ruleset use.
 */
import { z } from 'zod';
import { CERTAIN_AGENTS, SUSPICIOUS_AGENTS } from './agents.ts';
import {
  choice,
  duration,
  fieldMeta,
  flag,
  integer,
  ports,
  prefixes,
  requiredInteger,
  requiredText,
  section,
  share,
  text,
  unwrapped,
} from './fields.ts';
import type { FieldMeta } from './fields.ts';
import { agents, countries, feeds, inviteOverrides, overrides, range, ranges, thresholds } from './list-fields.ts';
import { notifySection } from './notify-schema.ts';
import { hostProblem } from './notify-text.ts';
import { accountProblem, feedNameProblem, filePathProblem, urlProblem } from './place-text.ts';

const COUNT_MAX = 1_000_000;
/** What the engine remembers of one source, and of one network or campaign. */
const FAILURES_MAX = 256;
const MEMBERS_MAX = 64;
const ACTIONS = ['watch', 'limit', 'block', 'deny'] as const;

function detector<S extends z.ZodRawShape>(description: string, action: (typeof ACTIONS)[number], shape: S) {
  return section(description, {
    enabled: flag('Whether this detector runs.', true),
    action: choice(
      'watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.',
      ACTIONS,
      action,
    ),
    ...shape,
  });
}

const threshold = (what: string, unit: string, fallback: number) => integer(what, unit, fallback, 1, COUNT_MAX);
const guesses = (what: string, fallback: number) => integer(what, 'guesses', fallback, 1, FAILURES_MAX);
const V6_NETWORKS = ['off', '64', '56', '48'] as const;
const window = (fallback: string) => duration('The time in which they are counted.', fallback, '1s', '1d');

const inviteOverride = z.strictObject({
  source: range('The source or sources that this override is for; the most specific one wins.'),
  simultaneous: requiredInteger('Unanswered INVITEs at one moment.', 'INVITEs', 1, COUNT_MAX),
  threshold: requiredInteger('INVITEs within the window.', 'INVITEs', 1, COUNT_MAX),
});

const url = (what: string) => text(what, 'an address (https, http)', urlProblem, 'https://lists.example.org/sip.txt');
const file = (what: string, example: string) => text(what, 'a path', filePathProblem, example);

const feed = z.strictObject({
  name: requiredText(
    'What the feed is called.',
    'lower-case letters, digits, dashes',
    feedNameProblem,
    'voip-blacklist',
  ),
  url: url('Where it is fetched from; a feed has either a url or a file.'),
  file: file('A file on this machine that is read instead.', '/etc/ringfence/feed.txt'),
  every: duration('How often it is fetched or read again.', '1h', '1m', '30d'),
  action: choice(
    'block: what it lists reaches no protected port. watch: packets are counted and pass.',
    ['block', 'watch'],
    'block',
  ),
  bytesMax: integer('A longer answer is refused, and the last good one stays.', 'bytes', 16_777_216, 1024, 268_435_456),
});

const override = z.strictObject({
  source: range('The source or sources; for each threshold the most specific one that names it wins.'),
  set: thresholds('The thresholds by their names, e.g. flood.threshold.', COUNT_MAX),
});

export const policySchema = section('What Ringfence protects, what it calls an attack, and what it does about one.', {
  mode: choice(
    'protect: attackers are blocked. monitor: everything is detected and logged, nothing is blocked.',
    ['protect', 'monitor'],
    'protect',
  ),
  ports: section('The protected ports.', {
    sip: section('SIP ports by transport; "sip: 5060,5070-5080" sets both.', {
      udp: ports('SIP over UDP.', '5060'),
      tcp: ports('SIP over TCP.', '5060'),
    }),
    tftp: ports('TFTP servers (provisioning files), UDP.', '69'),
    management: ports('TCP ports that no automatic block covers, so that nobody is locked out: SSH.', '22'),
  }),
  guests: ranges('Gateway mode: addresses of protected machines behind this one, whose traffic is forwarded.'),
  whenDown: choice(
    'What reaches the protected ports while Ringfence is not there: at boot, after a crash, when it cannot start. open: everything; closed: the allowlist and registered phones alone. With the systemd units; a stop by hand opens.',
    ['open', 'closed'],
    'open',
  ),
  block: section('Blocks.', {
    for: duration('How long a block lasts.', '1h', '1s', '365d'),
    extend: flag('The kernel starts the time anew with every packet of a blocked source.', true),
    permanentAfter: integer('After this many blocks the next one is permanent. 0: never.', 'blocks', 3, 0, 1000),
    remember: duration('Earlier blocks older than this are forgotten.', '90d', '1m', '3650d'),
  }),
  wayIn: section(
    'The way in to the SIP ports, so that no flood takes it from your phones. The kernel counts; what is above is dropped. The allowlist always passes.',
    {
      enabled: flag('Whether sources that are not registered share a budget.', true),
      perSource: integer('Packets of one address.', 'packets/s', 600, 10, COUNT_MAX),
      perNetwork: integer('Packets of one network (/24; /64 in IPv6).', 'packets/s', 1000, 10, COUNT_MAX),
      total: integer('Packets of all sources that are not registered, together.', 'packets/s', 1500, 10, COUNT_MAX),
      perKnown: integer(
        'Packets of one registered phone, and of one address behind which phones registered in the last day.',
        'packets/s',
        2000,
        10,
        COUNT_MAX,
      ),
    },
  ),
  widen: section(
    'How far a block may be widened to the network around a source. Never over an allowlisted, exempt or registered address.',
    {
      v4: choice('The largest IPv4 network.', ['off', '24'], '24'),
      v6: choice(
        'The largest IPv6 network; 64 is one customer’s line, which counts as one address.',
        V6_NETWORKS,
        '56',
      ),
      networksPerHour: integer('Networks blocked within an hour, a /64 not counted.', 'networks', 10, 0, 1000),
    },
  ),
  limit: section('What a limited source may still do.', {
    invitesPerSecond: integer(
      'New INVITEs a second of an address; messages of any kind of one phone (address and port).',
      'INVITEs/s',
      5,
      1,
      COUNT_MAX,
    ),
    for: duration('How long it stays limited.', '10m', '1s', '365d'),
  }),
  trust: section('Sources that got in, and evidence that anybody could have forged.', {
    thresholdFactor: integer(
      'Thresholds are this many times as high for a phone whose registration holds.',
      'times',
      3,
      1,
      1000,
    ),
    remember: duration('An address that got in is known for this long afterwards.', '30d', '1m', '3650d'),
    portsBeforeAddress: integer(
      'At a known address one phone (address and port) is blocked at a time; after this many the whole address. 0: the address at once.',
      'ports',
      3,
      0,
      256,
    ),
    portsWithin: duration('The time in which those ports are counted.', '10m', '1s', '1d'),
    unconfirmedFor: duration(
      'How long a flood blocks an unknown source that did not prove its address: anybody could have written it. It is not prolonged.',
      '60s',
      '1s',
      '365d',
    ),
    retriesPerMinute: integer(
      'A phone with a wrong password tries again no more often than this. 0: one password after the other is always an attack.',
      'registrations',
      12,
      0,
      1000,
    ),
    retriesPerHour: integer('Beyond this its port is blocked.', 'registrations', 240, 1, COUNT_MAX),
  }),
  incident: section('Incidents and the evidence kept with them.', {
    idle: duration('An incident closes after this long without another counted message.', '5m', '1s', '1d'),
    evidenceMessages: integer('The first messages kept as evidence.', 'messages', 10, 0, 100),
    evidenceBytes: integer('Size of all evidence of one incident.', 'bytes', 16_384, 0, 262_144),
  }),
  detect: section('The detectors.', {
    'register-bruteforce': detector('Guessing passwords by REGISTER.', 'block', {
      threshold: threshold('Bad registrations of one source.', 'registrations', 5),
      window: window('60s'),
      attemptsThreshold: threshold('REGISTER attempts where the answers cannot be seen.', 'attempts', 30),
    }),
    'auth-bruteforce': detector('Guessing passwords by INVITE, SUBSCRIBE and other requests.', 'block', {
      threshold: threshold('Failed authentications of one source.', 'failures', 5),
      window: window('60s'),
    }),
    enumeration: detector('Searching for users that exist, by REGISTER, INVITE or OPTIONS.', 'block', {
      threshold: threshold('Distinct users that were refused.', 'users', 10),
      window: window('60s'),
      abandonedThreshold: threshold('Distinct users challenged and never followed up.', 'users', 20),
      followUp: duration('The time in which a phone answers a challenge.', '2s', '1s', '1m'),
      pendingThreshold: threshold('Distinct users asked for with no answer yet.', 'users', 64),
    }),
    'scanner-agent': detector('Tools that name themselves in User-Agent.', 'block', {
      certain: agents(
        'Blocked on sight. A plain entry matches whole words, =entry the whole value; case never counts.',
        CERTAIN_AGENTS,
      ),
      suspicious: agents('Adds to the score of the other detectors; never blocks alone.', SUSPICIOUS_AGENTS),
      suspicionWeight: share('The share of a threshold that a suspicious user agent stands for.', 0.4, 0.9),
      window: duration('How long a suspicious user agent is remembered for a source.', '10m', '1s', '1d'),
    }),
    'scanner-fingerprint': detector(
      'Tools known by how they write messages, whatever they call themselves.',
      'block',
      {},
    ),
    'invite-limit': detector('Too many INVITEs of one source.', 'watch', {
      simultaneous: threshold('INVITEs without a final answer at one moment.', 'INVITEs', 30),
      threshold: threshold('INVITEs within the window.', 'INVITEs', 60),
      window: window('10s'),
      overrides: inviteOverrides('Other limits for known sources: trunks, call centres.', inviteOverride),
    }),
    flood: detector('Too many requests of any kind.', 'block', {
      threshold: threshold('Requests of one address and port.', 'requests', 500),
      window: window('5s'),
      addressThreshold: threshold('Requests of one address, all its ports together.', 'requests', 2500),
    }),
    malformed: detector('Messages that no working client sends.', 'block', {
      threshold: threshold('Severely malformed messages of one source.', 'messages', 20),
      window: window('60s'),
    }),
    'tftp-bruteforce': detector('Guessing the names of provisioning files.', 'block', {
      threshold: threshold('Distinct file names that were refused.', 'files', 10),
      window: window('60s'),
      namesThreshold: threshold('Distinct file names, found or not.', 'files', 30),
    }),
    'toll-fraud': detector('Calls without credentials to numbers abroad and premium services.', 'block', {
      threshold: threshold('Such calls of one source that were refused, or challenged and given up.', 'calls', 5),
      window: window('1h'),
      prefixThreshold: threshold('Ways of dialling one number, told by its last eight digits.', 'prefixes', 3),
      followUp: duration('The time in which a phone answers a challenge.', '4s', '1s', '1m'),
      international: prefixes('What a number abroad begins with.', '+, 00, 011, 0011, 810'),
      dialOut: prefixes('What may stand in front of it to get a line.', '0, 00, 000, 1, 8, 9, 90, 91, 99'),
      premium: prefixes('What a national number that costs extra begins with.', '0900, 0190, 1900'),
      home: prefixes('Your own country code, and others that are not abroad, e.g. 49.', ''),
    }),
    'forged-request': detector('Ending, changing or repeating the calls of others.', 'block', {
      threshold: threshold('Calls that nobody has, ended or changed from one address and port.', 'calls', 10),
      window: window('60s'),
      foreignThreshold: threshold('Networks whose calls a stranger tried to end or change.', 'networks', 3),
      replayThreshold: threshold('Calls with the credentials of another one.', 'calls', 3),
    }),
    'digest-leak': detector('Challenging the BYE of the called side, to get an answer made of its password.', 'block', {
      threshold: threshold('Such challenges of one source.', 'challenges', 1),
      window: window('1h'),
    }),
    injection: detector('Fragments of SQL, shell commands, paths and markup in names.', 'block', {
      threshold: threshold('Requests with such a fragment.', 'requests', 1),
      window: window('60s'),
    }),
    'slow-bruteforce': detector('Guessing with patience, below every threshold of a minute.', 'block', {
      hourThreshold: guesses('Guesses of one source within an hour.', 12),
      dayThreshold: guesses('Guesses of one source within a day.', 20),
      weekThreshold: guesses('Guesses of one source within a week.', 30),
    }),
    'distributed-bruteforce': detector('Many sources that guess together, each of them a little.', 'block', {
      guesses: guesses('Guesses of a source that takes part in a campaign, over more than half an hour.', 3),
      campaign: section('One user, or one program that nobody registers with, at work all over the Internet.', {
        regions: integer(
          'Regions (IPv4 /16, IPv6 /32) that it came from within a day, or twice as many within a week.',
          'regions',
          12,
          2,
          MEMBERS_MAX,
        ),
      }),
      network: section('A network that sends one address after the other; see “widen”.', {
        addresses: integer(
          'Its hostile addresses within a day, or twice as many within a week.',
          'addresses',
          8,
          2,
          MEMBERS_MAX,
        ),
        share: share('Their share of all its addresses that failed.', 0.8, 1),
      }),
      asn: section(
        'One autonomous system (a provider) out of which many sources guess. It is never blocked as a whole.',
        {
          networks: integer(
            'Its hostile networks (IPv4 /24, IPv6 /48) within a day, or twice as many within a week.',
            ...(['networks', 12, 2, MEMBERS_MAX / 2] as const),
          ),
          share: share('Their share of all its networks in which somebody failed.', 0.8, 1),
          users: integer(
            'Users that a source in it must have tried itself to be blocked.',
            'users',
            5,
            2,
            FAILURES_MAX,
          ),
        },
      ),
    }),
  }),
  overrides: overrides('Other thresholds for known sources: trunks, call centres, a noisy office.', override),
  countries: section('Whole countries. The allowlist wins; private addresses belong to no country and always pass.', {
    mode: choice(
      'off; block: the listed countries reach no protected port; allow: only they do.',
      ['off', 'block', 'allow'],
      'off',
    ),
    list: countries('The countries.'),
    unknown: choice('Public addresses that the data has no country for.', ['pass', 'block'], 'pass'),
    protocols: section('Whose protected ports are closed.', {
      sipUdp: flag('SIP over UDP.', true),
      sipTcp: flag('SIP over TCP.', true),
      tftp: flag('TFTP.', true),
    }),
    data: section('Where the country data comes from.', {
      provider: choice(
        'embedded: what Ringfence brings. maxmind: GeoLite2, needs an account. dbip: DB-IP Lite. ipfire: the files of tor-geoipdb. custom: a url or file of your own.',
        ['embedded', 'maxmind', 'dbip', 'ipfire', 'custom'],
        'embedded',
      ),
      url: url('Fetched instead of the provider’s own address; CSV or mmdb.'),
      file: file('Read instead of fetching; CSV or mmdb.', '/usr/share/GeoIP/GeoLite2-Country.mmdb'),
      accountId: text('The MaxMind account.', 'an account number', accountProblem, '123456'),
      licenceKeyFile: file('A file that holds the licence key and nothing else.', '/etc/ringfence/maxmind.key'),
      every: duration('How often it is fetched or read again.', '7d', '1h', '365d'),
      shrinkMax: share('New data that loses more than this share of its ranges is refused.', 0.2, 1),
    }),
  }),
  hep: section('The messages of detected attacks, to a Homer server (HEP version 3).', {
    host: text('The server; empty: nothing is sent.', 'a host name or an address', hostProblem, 'homer.example.org'),
    port: integer('Its port.', 'port', 9060, 1, 65_535),
    transport: choice('How it is reached.', ['udp', 'tcp', 'tls'], 'udp'),
    verify: flag('tls: the server’s certificate must be valid for its name.', true),
    caFile: file(
      'tls: certificates of your own authority (PEM), trusted beside the public ones.',
      '/etc/ringfence/ca.pem',
    ),
    captureId: integer('The number that Homer knows this machine by.', 'id', 2001, 0, 4_294_967_295),
    keyFile: file('A file that holds the authentication key and nothing else.', '/etc/ringfence/hep.key'),
  }),
  jsonLog: section('Attacks and verdicts as lines of JSON.', {
    to: choice(
      'off; stdout: beside the daemon’s other output, which is the journal under systemd; file.',
      ['off', 'stdout', 'file'],
      'off',
    ),
    file: file('The file; it may be rotated at any time.', '/var/log/ringfence/attacks.jsonl'),
  }),
  backups: section('Backups that are made by themselves, after three at night, in the data directory.', {
    keep: integer('How many nights are kept. 0: none is made.', 'backups', 3, 0, 30),
  }),
  feeds: feeds('Lists of addresses that others keep. The allowlist wins.', feed),
  notify: notifySection,
});

/** A complete document: defaults filled in, durations, ports and addresses as people write them. */
export type PolicyDocument = z.output<typeof policySchema>;

export interface FieldDescription extends FieldMeta {
  /** `detect.flood.threshold`; the fields of list items as `detect.invite-limit.overrides[].source`. */
  path: string;
}

/** Every section and field in the order of the document, the whole document (path '') first. */
export function describePolicy(): FieldDescription[] {
  const found: FieldDescription[] = [];
  walk(policySchema, '', found);
  return found;
}

function walk(schema: z.core.$ZodType, path: string, found: FieldDescription[]): void {
  const meta = { ...fieldMeta(schema) } as FieldMeta & { examples?: unknown };
  delete meta.examples;
  if (meta.kind !== undefined) found.push({ path, ...meta });
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    for (const [key, field] of Object.entries(inner.shape)) {
      walk(field as z.core.$ZodType, path === '' ? key : `${path}.${key}`, found);
    }
  } else if (inner instanceof z.ZodArray && inner.element instanceof z.ZodObject) {
    walk(inner.element, `${path}[]`, found);
  }
}
