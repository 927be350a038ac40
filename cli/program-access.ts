/** The commands for the console in the browser: who may come in. */
import { Option, type Command } from 'commander';
import { parseListenArgument } from './arguments.ts';
import type { Globals } from './program.ts';

const ROLES = ['administrator', 'viewer'];

export function addAccess(program: Command, globals: () => Globals, report: (exitCode: number) => void): void {
  const load = () => import('./commands/users.ts');
  program.commandsGroup('Console in the browser:');
  program
    .command('web')
    .description('the console in the browser')
    .command('link')
    .description('a one-time link for the first account, or for a forgotten password')
    .option('--reset <name>', 'for the password of this account')
    .addOption(new Option('--remove-second-factor', 'no code any more: for whoever lost the phone, too'))
    .action(async (options) => report(await (await load()).webLink(globals(), options)));
  const users = program.command('users').description('who may come in');
  users
    .command('list')
    .description('all accounts')
    .action(async () => report(await (await load()).usersList(globals())));
  users
    .command('add')
    .description('a new account; prints the link by which its owner chooses the password')
    .argument('<name>', 'letters, digits and . _ @ -')
    .addOption(
      new Option('--role <role>', 'a viewer sees everything and changes nothing').choices(ROLES).default('viewer'),
    )
    .action(async (name, options) => report(await (await load()).userAdd(globals(), name, options)));
  users
    .command('remove')
    .description('remove an account with its sessions and tokens')
    .argument('<name>')
    .action(async (name) => report(await (await load()).userRemove(globals(), name)));
  users
    .command('role')
    .description('make it an administrator or a viewer; its sessions end')
    .argument('<name>')
    .argument('<role>', ROLES.join(' or '))
    .action(async (name, role) => report(await (await load()).userChange(globals(), name, { role })));
  users
    .command('password')
    .description('a one-time link for a new password; the old one is good until it is used')
    .argument('<name>')
    .option('--remove-second-factor', 'no code any more: for whoever lost the phone, too')
    .action(async (name, options) => report(await (await load()).webLink(globals(), { ...options, reset: name })));
  for (const [command, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    users
      .command(command)
      .description(disabled ? 'nobody comes in with it; its sessions end, its tokens rest' : 'it is good again')
      .argument('<name>')
      .action(async (name) => report(await (await load()).userChange(globals(), name, { disabled })));
  }
}

/** Where `ringfence run` lets browsers in. */
export function addWebOptions(run: Command): void {
  const collect = (text: string, before: string[] = []) => [...before, text];
  run
    .option(
      '--listen <address:port>',
      'where the console listens for browsers (default: 127.0.0.1:8470)',
      parseListenArgument,
    )
    .option('--tls-cert <file>', 'its certificate with the chain (PEM); a renewed one is taken by itself')
    .option('--tls-key <file>', 'the key of the certificate')
    .option('--tls-self-signed', 'make a certificate; its fingerprint is printed')
    .option('--name <host>', 'a name by which browsers open it (repeatable)', collect)
    .option('--trusted-proxy <cidr>', 'believe X-Forwarded-For of this proxy (repeatable)', collect)
    .option('--insecure-http', 'let other machines in without TLS: passwords travel in the clear')
    .option('--no-web', 'no console in the browser');
}
