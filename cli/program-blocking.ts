/** `blocked`, `block`, `extend`, `promote`, `unblock`, `explain`. */
import { Option, type Command } from 'commander';
import {
  parseAddressArgument,
  parseDurationArgument,
  parsePhoneArgument,
  parseRangeArgument,
  parseTargetArgument,
} from './arguments.ts';
import type { Globals } from './program.ts';

export function addBlocking(program: Command, globals: () => Globals, report: (exitCode: number) => void): void {
  const load = () => import('./commands/blocking.ts');
  program
    .command('blocked')
    .description('who is blocked now')
    .argument('[target]', 'is this one blocked? exit code 0 yes, 1 no', parseTargetArgument)
    .option('--watch', 'live, until Ctrl-C')
    .action(async (address, options) => report(await (await load()).blocked(globals(), address, options)));
  program
    .command('block')
    .description('block an address now')
    .argument('<address>', 'IPv4 or IPv6', parseAddressArgument)
    .option('--for <duration>', '90s, 5m, 1h, 7d, permanent (default: the policy’s block.for)', parseDurationArgument)
    .option('--reason <text>', 'shown wherever the block is shown')
    .option('--yes', 'also when somebody would be shut out')
    .action(async (address, options) => report(await (await load()).block(globals(), address, options)));
  program
    .command('extend')
    .description('give a block a new end, from now on')
    .argument('<target>', 'as `ringfence blocked` prints it', parseTargetArgument)
    .requiredOption('--for <duration>', '90s, 5m, 2h, 7d, permanent', parseDurationArgument)
    .action(async (address, options) => report(await (await load()).extend(globals(), address, options)));
  program
    .command('promote')
    .description('put a blocked address or network on one of the lists; its block goes')
    .argument('<address>', 'one that is blocked', parseRangeArgument)
    .addOption(new Option('--to <list>', 'which list').choices(['deny', 'allow']).makeOptionMandatory())
    .option('--comment <text>', 'why it is there (default: the reason of the block)')
    .option('--yes', 'also when somebody would be shut out')
    .action(async (address, options) => report(await (await load()).promote(globals(), address, options)));
  program
    .command('unblock')
    .alias('lift')
    .description('lift the block of a phone, an address (with its phones) or a network')
    .argument('<target>', 'as `ringfence blocked` prints it', parseTargetArgument)
    .action(async (address) => report(await (await load()).unblock(globals(), address)));
  program
    .command('explain')
    .description('why an address is blocked or not: rule, packets, threshold, until when')
    .argument('<address>', 'any address, seen or not, or one phone behind it: 203.0.113.9:5062', parsePhoneArgument)
    .action(async (address) => report(await (await import('./commands/explain.ts')).explain(globals(), address)));
}
