/** Every command with its arguments and options. The code of a command is loaded when it runs: start-up time is the user's time. */
import { Command, Option } from 'commander';
import {
  parseAddressArgument,
  parseCount,
  parseDurationArgument,
  parseListedArguments,
  parseMomentArgument,
  parseRangeArgument,
  parseUntilArgument,
  parseVersion,
} from './arguments.ts';
import { escapeLines } from './escape.ts';
import { addBackups } from './program-backups.ts';
import { addBlocking } from './program-blocking.ts';
import { addAccess, addWebOptions } from './program-access.ts';
import { addFeeds } from './program-feeds.ts';
import { addNotify } from './program-notify.ts';
import { addAudit, addReport } from './program-report.ts';
import { columns } from './terminal.ts';
import { ENCODINGS, LIST_FORMATS } from '../src/lists/entry.ts';
import { VERSION } from '../src/serve/version.ts';

export const DATA_DIRECTORY = '/var/lib/ringfence';

/** Options that every command understands, before or after its name. */
export interface Globals {
  data: string;
  json: boolean;
}

const collectText = (text: string, before: string[] = []) => [...before, text];
const collectRanges = (text: string, before: string[] = []) => [...before, parseRangeArgument(text)];

type Report = (exitCode: number) => void;

export function buildProgram(report: Report): Command {
  const program = new Command('ringfence')
    .description('A SIP firewall: sees the attack, drops the attacker in the kernel, tells you who, whom and how.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(escapeLines(text)), getOutHelpWidth: columns })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .addOption(
      new Option('--data <dir>', 'directory of the daemon’s state and socket')
        .env('RINGFENCE_DATA')
        .default(DATA_DIRECTORY),
    )
    .option('--json', 'print one JSON value and nothing else');

  const globals = (): Globals => ({ ...program.opts<Globals>(), json: program.getOptionValue('json') === true });
  addDaemon(program, globals, report);
  addAttacks(program, globals, report);
  addReport(program, globals, report);
  addBlocking(program, globals, report);
  addLists(program, globals, report);
  addFeeds(program, globals, report);
  addGeo(program, globals, report);
  addPolicy(program, globals, report);
  addNotify(program, globals, report);
  addAudit(program, globals, report);
  addOffline(program, globals, report);
  addAccess(program, globals, report);
  addBackups(program, globals, report);
  program.commandsGroup('Help:').helpCommand(true);
  return program;
}

function addDaemon(program: Command, globals: () => Globals, report: Report): void {
  program.commandsGroup('Protection:');
  const run = program
    .command('run')
    .description('protect this host until stopped (the daemon; needs root)')
    .option('--policy <file>', 'policy file; it wins over the stored policy at every start')
    .option('--settings <dir>', 'directory of console.yaml (default: that of the data)')
    .option('--console <socket>', 'the console runs apart and listens here (the systemd units)')
    .action(async (options) => report(await (await import('./commands/run.ts')).run(globals(), options)));
  addWebOptions(run);
  program
    .command('status')
    .description('protecting or not, what, since when, attacks today, blocked now, losses')
    .action(async () => report(await (await import('./commands/status.ts')).status(globals())));
  program
    .command('doctor')
    .description('check kernel, privileges, ports and conflicts; name the command that fixes each')
    .option('--policy <file>', 'take the ports from this policy file')
    .action(async (options) => report(await (await import('./commands/doctor.ts')).doctor(globals(), options)));
}

function addAttacks(program: Command, globals: () => Globals, report: Report): void {
  program.commandsGroup('Attacks and blocks:');
  const load = () => import('./commands/attacks.ts');
  const attacks = program
    .command('attacks')
    .description('the attack log, newest first')
    .option('--since <when>', 'from then on: 1h, 7d, today, 2026-08-01, 2026-08-01T14:00', parseMomentArgument)
    .option('--until <when>', 'until then', parseMomentArgument)
    .option('--source <address>', 'of this source only', parseAddressArgument)
    .option('--kind <kind>', 'of this kind only, e.g. register-bruteforce')
    .option('--limit <n>', 'at most so many', parseCount, 50)
    .action(async (options) => report(await (await load()).attacks(globals(), options)));
  attacks
    .command('show')
    .description('one attack with its evidence')
    .argument('<id>', 'as `ringfence attacks` prints it')
    .action(async (id) => report(await (await load()).attackShow(globals(), id)));
  attacks
    .command('pcap')
    .description('the evidence of one attack as a capture that opens in Wireshark')
    .argument('<id>', 'as `ringfence attacks` prints it')
    .requiredOption('-o, --output <file>', 'where to write it; - is standard output')
    .action(async (id, options) => report(await (await load()).attackPcap(globals(), id, options)));
}

function addLists(program: Command, globals: () => Globals, report: Report): void {
  program.commandsGroup('Lists and countries:');
  addList(program, 'allow', 'never blocked, whatever else is said', globals, report);
  addList(program, 'deny', 'always blocked', globals, report);
}

function addList(program: Command, name: 'allow' | 'deny', what: string, globals: () => Globals, report: Report): void {
  const load = () => import('./commands/lists.ts');
  const list = program.command(name).description(`the ${name}list: ${what}`);
  const written = '192.0.2.1, 192.0.2.0/24, 192.0.2.10-192.0.2.20, 2001:db8::/32';
  list
    .command('add')
    .description(`put addresses, CIDRs or ranges on the ${name}list`)
    .argument('<value...>', name === 'allow' ? `${written}, sip.example.org` : written, parseListedArguments(name))
    .option('--comment <text>', 'why it is there')
    .option('--for <duration>', 'it leaves by itself after 90s, 5m, 1h, 7d; permanent: no end', parseDurationArgument)
    .addOption(
      new Option('--until <when>', 'it leaves by itself then: 2026-12-31, 2026-12-31T18:00')
        .argParser(parseUntilArgument)
        .conflicts('for'),
    )
    .option('--yes', 'also when somebody would be shut out')
    .action(async (values, options) => report(await (await load()).listAdd(globals(), name, values, options)));
  list
    .command('remove')
    .description(`take entries off the ${name}list`)
    .argument('<value...>', `as \`ringfence ${name} list\` prints it`, parseListedArguments(name))
    .action(async (values) => report(await (await load()).listRemove(globals(), name, values)));
  list
    .command('list')
    .description(`print the ${name}list, and which entries overlap`)
    .option('--filter <what>', 'an address or CIDR: entries that overlap it; else a part of comment, name or author')
    .action(async (options) => report(await (await load()).listShow(globals(), name, options)));
  list
    .command('import')
    .description(`put the entries of a file on the ${name}list: all of them, or none`)
    .argument(
      '<file>',
      'CSV, one address a line, output of ipset save, nft list set, fail2ban-client; - is standard input',
    )
    .addOption(new Option('--format <format>', 'default: recognised by content').choices(LIST_FORMATS))
    .addOption(new Option('--encoding <encoding>', 'default: by its byte order mark, else utf-8').choices(ENCODINGS))
    .option('--set <name>', 'of a file with several sets only this one (repeatable)', collectText)
    .addOption(new Option('--all-sets', 'of a file with several sets all').conflicts('set'))
    .option('--dry-run', 'print what would be added, changed and refused, and change nothing')
    .option('--skip-bad', 'leave bad lines out; without it a file with errors changes nothing')
    .option('--allow-wide', 'take entries wider than /8 (IPv6: /7)')
    .option('--yes', 'also when somebody would be shut out')
    .action(async (file, options) =>
      report(await (await import('./commands/lists-import.ts')).listImport(globals(), name, file, options)),
    );
  list
    .command('export')
    .description(`write the ${name}list as CSV, which an import takes back unchanged`)
    .option('-o, --output <file>', 'a new file, readable by its owner only; - is standard output', '-')
    .option('--force', 'write over a file that is there')
    .option('--bom', 'begin with a byte order mark, for Excel')
    .action(async (options) =>
      report(await (await import('./commands/lists-export.ts')).listExport(globals(), name, options)),
    );
}

function addGeo(program: Command, globals: () => Globals, report: Report): void {
  const load = () => import('./commands/geo.ts');
  const codes = (text: string) => text.split(/[\s,]+/).filter((code) => code !== '');
  const geo = program
    .command('geo')
    .description('countries: the data in use, where addresses are, what a rule would do');
  geo
    .command('status')
    .description('provider, age and size of the data, the rule in force, the next update, the last problem')
    .action(async () => report(await (await load()).geoStatus(globals())));
  geo
    .command('lookup')
    .description('country and network of addresses, and whether the rule blocks them')
    .argument('<address...>', 'IPv4 or IPv6', (text: string, before: string[] = []) => [
      ...before,
      parseAddressArgument(text),
    ])
    .action(async (addresses) => report(await (await load()).geoLookup(globals(), addresses)));
  geo
    .command('update')
    .description('look for new data now; data that lose too much are refused')
    .option('--file <file>', 'take this file instead (CSV or mmdb; gz, zip and tar.gz are unpacked)')
    .option('--accept-loss', 'take them even if they are much smaller than those in use')
    .action(async (options) => report(await (await load()).geoUpdate(globals(), options)));
  geo
    .command('countries')
    .description('every country of the data: name, ranges, addresses, blocked or not')
    .action(async () => report(await (await load()).geoCountries(globals())));
  geo
    .command('preview')
    .description('what another rule would have blocked over the last days; changes nothing')
    .addOption(new Option('--mode <mode>', 'default: the policy’s').choices(['off', 'block', 'allow']))
    .option('--list <codes>', 'countries by commas, e.g. CN,RU (default: the policy’s)', codes)
    .addOption(new Option('--unknown <what>', 'addresses without a country').choices(['pass', 'block']))
    .option('--since <when>', 'from then on (default: 7d)', parseMomentArgument)
    .action(async (options) => report(await (await load()).geoPreview(globals(), options)));
}

function addPolicy(program: Command, globals: () => Globals, report: Report): void {
  program.commandsGroup('Settings:');
  const load = () => import('./commands/policy.ts');
  const policy = program
    .command('policy')
    .description('thresholds, windows, actions, ports: what counts and what happens');
  policy
    .command('show')
    .description('the policy in force, as YAML')
    .argument('[version]', 'an earlier version; 0: the built-in default', parseVersion)
    .option('--as-written', 'the text as it was applied, with its own comments')
    .action(async (version, options) => report(await (await load()).policyShow(globals(), version, options)));
  policy
    .command('export')
    .description('the policy as a file for policy apply, with a comment on every field')
    .argument('[version]', 'an earlier version; 0: the built-in default', parseVersion)
    .option('-o, --output <file>', 'where to write it (default: standard output)')
    .option('--force', 'replace a file that is there')
    .action(async (version, options) => report(await (await load()).policyExport(globals(), version, options)));
  policy
    .command('diff')
    .description('what two policies say differently, by path: exit code 0 nothing, 1 something')
    .argument('[first]', 'a file (against the policy in force) or a version; nothing: the built-in default')
    .argument('[second]', 'a version')
    .action(async (first, second) =>
      report(await (await import('./commands/policy-diff.ts')).policyDiff(globals(), first, second)),
    );
  policy
    .command('get')
    .description('one value')
    .argument('<path>', 'e.g. detect.flood.threshold')
    .action(async (path) => report(await (await load()).policyGet(globals(), path)));
  policy
    .command('set')
    .description('change one value, at once; a bad value changes nothing')
    .argument('<path>', 'e.g. detect.flood.threshold')
    .argument('<value>', 'as in the file; lists by commas')
    .option('--comment <text>', 'kept in the history')
    .option('--yes', 'also when it shuts out an address that is connected or registered now')
    .action(async (path, value, options) => report(await (await load()).policySet(globals(), path, value, options)));
  policy
    .command('apply')
    .description('replace the policy by a file, at once; a file with errors changes nothing')
    .argument('<file>', 'policy file (YAML)')
    .option('--comment <text>', 'kept in the history')
    .option('--yes', 'also when it shuts out an address that is connected or registered now')
    .action(async (file, options) => report(await (await load()).policyApply(globals(), file, options)));
  policy
    .command('import')
    .description('take over the settings of a sipprot.conf, as one change; each says how it was understood')
    .argument('<file>', 'sipprot.conf')
    .option('--dry-run', 'only say what would be changed')
    .option('--comment <text>', 'kept in the history')
    .option('--yes', 'also when it shuts out an address that is connected or registered now')
    .action(async (file, options) =>
      report(await (await import('./commands/policy-import.ts')).policyImport(globals(), file, options)),
    );
  policy
    .command('try')
    .description('who would have been blocked under another policy, newly or no longer; changes nothing')
    .argument('<file>', 'policy file (YAML)')
    .option('--since <when>', 'recorded attacks from then on (default: 7d)', parseMomentArgument)
    .addOption(new Option('--capture <file>', 'a capture instead of what is recorded').conflicts('since'))
    .option('--protect <cidr>', 'our side in the capture (repeatable)', collectRanges)
    .action(async (file, options) =>
      report(await (await import('./commands/policy-try.ts')).policyTry(globals(), file, options)),
    );
  policy
    .command('history')
    .description('the versions, newest first')
    .action(async () => report(await (await load()).policyHistory(globals())));
  policy
    .command('rollback')
    .description('make an earlier version the policy again')
    .argument('<version>', 'as `ringfence policy history` prints it; 0: the built-in default', parseVersion)
    .option('--yes', 'also when it shuts out an address that is connected or registered now')
    .action(async (version, options) => report(await (await load()).policyRollback(globals(), version, options)));
}

function addOffline(program: Command, globals: () => Globals, report: Report): void {
  program
    .command('check')
    .description('validate a policy file: exit code 0 valid, 1 not')
    .argument('<file>', 'policy file (YAML)')
    .action(async (file) => report(await (await import('./commands/check.ts')).check(globals(), file)));
  program.commandsGroup('Captures:');
  program
    .command('replay')
    .description('run the detectors over a capture: what would have been detected and blocked (no privileges needed)')
    .argument('<file>', 'pcap or pcapng')
    .option('--policy <file>', 'apply this policy instead of the defaults')
    .option(
      '--protect <cidr>',
      'our side; otherwise inferred from who answers on the protected ports (repeatable)',
      collectRanges,
    )
    .option('--allow <cidr>', 'as if on the allowlist (repeatable)', collectRanges)
    .option('--deny <cidr>', 'as if on the denylist (repeatable)', collectRanges)
    .action(async (file, options) =>
      report(await (await import('./commands/replay.ts')).replay(globals(), file, options)),
    );
}
