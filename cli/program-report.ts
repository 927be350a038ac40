/** `ringfence report` with its options. */
import { Command, Option } from 'commander';
import type { Globals } from './program.ts';

export function addReport(program: Command, globals: () => Globals, report: (exitCode: number) => void): void {
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
