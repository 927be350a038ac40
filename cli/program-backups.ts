/** The commands for backups. */
import type { Command } from 'commander';
import type { Globals } from './program.ts';

export function addBackups(program: Command, globals: () => Globals, report: (exitCode: number) => void): void {
  const load = () => import('./commands/backups.ts');
  program.commandsGroup('Backups:');
  program
    .command('backup')
    .description('policy, lists, accounts, attack log and blocks in one file, while protection goes on')
    .argument('<file>', 'where to write it; it is a secret (password hashes are in it)')
    .option('--force', 'write over a file that is there')
    .action(async (file, options) => report(await (await load()).backup(globals(), file, options)));
  program
    .command('restore')
    .description('put a backup in the place of what is remembered; works without a running daemon, too')
    .argument('<file>', 'as `ringfence backup` made it')
    .option('--yes', 'without asking back')
    .action(async (file, options) => report(await (await load()).restore(globals(), file, options)));
}
