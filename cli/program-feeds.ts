/** The commands about lists that others keep. */
import { Option, type Command } from 'commander';
import type { Globals } from './program.ts';

export function addFeeds(program: Command, globals: () => Globals, report: (exitCode: number) => void): void {
  const load = () => import('./commands/feeds.ts');
  const feeds = program
    .command('feeds')
    .description('lists of addresses that others keep: where they stand and how often they hit')
    .action(async () => report(await (await load()).feeds(globals())));
  feeds
    .command('show')
    .description('one feed: what it holds, what was left out, what the allowlist overrides')
    .argument('<name>', 'as `ringfence feeds` prints it')
    .action(async (name) => report(await (await load()).feedShow(globals(), name)));
  feeds
    .command('refresh')
    .description('fetch now: one feed, or all')
    .argument('[name]', 'as `ringfence feeds` prints it')
    .action(async (name) => report(await (await load()).feedsRefresh(globals(), name)));
  feeds
    .command('add')
    .description('add a feed, or change the one of this name')
    .argument('<name>', 'lower-case letters, digits, dashes')
    .argument('<source>', 'https://…, http://… or a file on the daemon’s machine')
    .addOption(new Option('--action <action>', 'drop its packets, or only count them').choices(['block', 'watch']))
    .option('--every <duration>', 'how often it is fetched: 30m, 1h, 1d')
    .option('--yes', 'also when somebody would be shut out')
    .action(async (name, source, options) => report(await (await load()).feedAdd(globals(), name, source, options)));
  feeds
    .command('remove')
    .description('take a feed out')
    .argument('<name>', 'as `ringfence feeds` prints it')
    .action(async (name) => report(await (await load()).feedRemove(globals(), name)));
}
