/** Rules between fields; they run on documents whose fields are each right. */
import type { Locate, Path } from './check.ts';
import type { PolicyError } from './policy-error.ts';
import { mergePorts, parsePorts } from './ports.ts';
import type { PolicyDocument } from './schema.ts';

/** Says where it is, what stands there, what belongs there, and why. */
type Complain = (path: Path, found: string, expected: string, hint: string) => void;

export function crossCheck(document: PolicyDocument, locate: Locate): PolicyError[] {
  const errors: PolicyError[] = [];
  const complain: Complain = (path, found, expected, hint) => {
    const { file, line, column, source, caret, text } = locate(path, 'value');
    errors.push({ file, line, column, source, caret, path: path.join('.'), found: text ?? found, expected, hint });
  };
  checkManagement(document, complain);
  checkCountries(document, complain);
  checkFeeds(document, complain);
  checkNotify(document, complain);
  if (document.jsonLog.to === 'file' && document.jsonLog.file === '')
    complain(['jsonLog', 'file'], 'nothing', 'the path of the file', 'e.g. /var/log/ringfence/attacks.jsonl');
  document.overrides.forEach(({ set }, i) => {
    if (Object.keys(set).length > 0) return;
    complain(['overrides', i, 'set'], 'nothing', 'at least one threshold', 'e.g. set: { flood.threshold: 5000 }');
  });
  return errors;
}

function checkManagement({ ports }: PolicyDocument, complain: Complain): void {
  const read = (text: string) => {
    const parsed = parsePorts(text);
    return 'ranges' in parsed ? mergePorts(parsed.ranges) : [];
  };
  const sip = read(ports.sip.tcp);
  const both = read(ports.management).find((m) => sip.some((s) => s.first <= m.last && m.first <= s.last));
  if (both === undefined) return;
  complain(
    ['ports', 'management'],
    ports.management,
    `other ports than ports.sip.tcp (${ports.sip.tcp})`,
    'no automatic block covers a management port, so attackers on a SIP port that is one could not be stopped',
  );
}

function checkCountries({ countries: { mode, list, data } }: PolicyDocument, complain: Complain): void {
  if (mode === 'allow' && list.length === 0) {
    const expected = 'allow together with at least one country in countries.list';
    complain(
      ['countries', 'mode'],
      'allow',
      expected,
      'allowing no country would shut everybody out: set the list first',
    );
  }
  const at = (field: keyof typeof data): Path => ['countries', 'data', field];
  const given = data.url !== '' || data.file !== '';
  if (data.url !== '' && data.file !== '')
    complain(at('file'), data.file, 'either a url or a file', 'remove one of them');
  if (data.provider === 'custom' && !given) {
    complain(
      at('provider'),
      'custom',
      'custom together with countries.data.url or countries.data.file',
      'set one first',
    );
  }
  if (data.provider === 'maxmind' && !given && (data.accountId === '' || data.licenceKeyFile === '')) {
    const expected = 'maxmind together with countries.data.accountId and countries.data.licenceKeyFile (or a file)';
    complain(at('provider'), 'maxmind', expected, 'set these first; an account is free: https://www.maxmind.com');
  }
}

function checkFeeds({ feeds }: PolicyDocument, complain: Complain): void {
  feeds.forEach((feed, i) => {
    const before = feeds.findIndex((other) => other.name === feed.name);
    if (before < i) {
      complain(
        ['feeds', i, 'name'],
        feed.name,
        'a name that no other feed has',
        `feed ${before + 1} is called so already`,
      );
    }
    if ((feed.url === '') === (feed.file === '')) {
      const hint = feed.url === '' ? 'write url: https://… or file: /…' : 'remove one of them';
      complain(['feeds', i], `the feed ${feed.name}`, 'either a url or a file', hint);
    }
  });
}

/** Secrets, the outbox and `notify test` know a channel by its name alone. */
function checkNotify({ notify }: PolicyDocument, complain: Complain): void {
  const names = new Map<string, string>();
  for (const kind of ['email', 'webhook', 'syslog', 'command'] as const) {
    notify[kind].forEach(({ name }, i) => {
      const before = names.get(name);
      if (before !== undefined) {
        const path = ['notify', kind, i, 'name'];
        complain(path, name, 'a name that no other channel has', `a channel of notify.${before} is called so already`);
      }
      names.set(name, kind);
    });
  }
  notify.email.forEach(({ recipients }, i) => {
    if (recipients.length > 0) return;
    complain(['notify', 'email', i, 'recipients'], 'nobody', 'at least one recipient', 'recipients: [{ address: … }]');
  });
  notify.webhook.forEach(({ template, chat }, i) => {
    if ((template === 'telegram') === (chat !== '')) return;
    const hint = template === 'telegram' ? 'chat: the number of the chat' : 'only Telegram needs it';
    complain(
      ['notify', 'webhook', i, 'chat'],
      chat || 'nothing',
      'a chat with the template telegram, and no other',
      hint,
    );
  });
  notify.syslog.forEach(({ host, transport }, i) => {
    if ((transport === 'local') === (host === '')) return;
    const expected = host === '' ? 'the name or address of the server' : 'nothing: local is this machine';
    complain(['notify', 'syslog', i, 'host'], host || 'nothing', expected, 'or another transport');
  });
  const { from, to } = notify.quiet;
  if ((from === '') !== (to === '')) {
    complain(
      ['notify', 'quiet'],
      `${from || 'nothing'} to ${to || 'nothing'}`,
      'both from and to, or neither',
      'from: "22:00", to: "07:00"',
    );
  } else if (from !== '' && from === to) {
    complain(['notify', 'quiet', 'to'], to, 'another time than from', 'a whole day of quiet is told by nobody');
  }
}
