/** The commands about notifications. */
import { Option, type Command } from 'commander';
import { parseCount } from './arguments.ts';
import type { Globals } from './program.ts';

export function addNotify(program: Command, globals: () => Globals, report: (exitCode: number) => void): void {
  const load = () => import('./commands/notify.ts');
  const name = 'as `ringfence notify` prints it';
  const notify = program
    .command('notify')
    .description('who is told: each channel, its last delivery, what waits, its last error')
    .action(async () => report(await (await load()).notify(globals())));
  notify
    .command('test')
    .description('send a test message now and print what the other side says')
    .argument('<channel>', name)
    .action(async (channel) => report(await (await load()).notifyTest(globals(), channel)));
  notify
    .command('outbox')
    .description('what waits and what became of the rest, the latest first')
    .option('--channel <name>', name)
    .addOption(new Option('--state <state>').choices(['waiting', 'delivered', 'refused', 'given-up']))
    .option('--limit <count>', 'at most so many', parseCount, 50)
    .action(async (options) => report(await (await load()).notifyOutbox(globals(), options)));
  notify
    .command('secret')
    .description('set the password or key of a channel, from a prompt or standard input')
    .argument('<channel>', name)
    .option('--remove', 'forget it')
    .action(async (channel, options) => report(await (await load()).notifySecret(globals(), channel, options)));
}
