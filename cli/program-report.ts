/** What was: `ringfence report`, `ringfence audit`. */
import { Command, Option } from 'commander';
import { parseCount, parseMomentArgument } from './arguments.ts';
import type { Globals } from './program.ts';

type Report = (exitCode: number) => void;

export function addReport(program: Command, globals: () => Globals, report: Report): void {
  program
    .command('report')
    .description('what happened on a day, compared with the day and the week before')
    .option('--day <day>', '2026-11-21, today, yesterday', 'yesterday')
    .option('--zone <zone>', 'time zone of the day, e.g. Europe/Madrid (default: the policy’s, or the machine’s)')
    .addOption(
      new Option('--format <format>', 'of what is printed or written').choices(['text', 'html', 'csv', 'json']),
    )
    .option('-o, --output <file>', 'write it there; - is standard output')
    .option('--force', 'write over a file that is there')
    .action(async (options) => report(await (await import('./commands/report.ts')).report(globals(), options)));
}

export function addAudit(program: Command, globals: () => Globals, report: Report): void {
  program
    .command('audit')
    .description('who changed what, newest first')
    .option('--since <when>', 'from then on: 1h, 7d, today, 2026-08-01', parseMomentArgument)
    .option('--until <when>', 'until then', parseMomentArgument)
    .option('--what <what>', 'of this kind only: deny, deny.import, allow, block, policy')
    .option('--limit <n>', 'at most so many', parseCount, 50)
    .action(async (options) => report(await (await import('./commands/audit.ts')).audit(globals(), options)));
}
