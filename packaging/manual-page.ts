/** ringfence(8), from the commands as they are declared. */
import { allCommands, commandTree, type CommandNode } from './command-tree.ts';

const plain = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');

function options({ options: all }: CommandNode): string[] {
  return all.flatMap(({ flags, text }) => ['.TP', `.B ${plain(flags)}`, plain(text)]);
}

function section(node: CommandNode): string[] {
  const words = plain(['ringfence', ...node.path, node.usage].join(' '));
  const named = node.arguments.filter(({ text }) => text !== '');
  const args = named.flatMap(({ word, text }) => ['.TP', `.I ${plain(word)}`, plain(text)]);
  return [`.SS "${words}"`, plain(node.text), ...args, ...options(node)];
}

/** `date`: as it stands at the foot of the page. */
export function manualPage(version: string, date: string): string {
  const tree = commandTree();
  const commands = allCommands(tree).filter(
    ({ path, commands: below, options: own }) => path.length > 0 && (below.length === 0 || own.length > 1),
  );
  return [
    `.TH RINGFENCE 8 "${date}" "Ringfence ${version}" "System administration"`,
    '.SH NAME',
    'ringfence \\- SIP firewall: sees the attack and drops the attacker in the kernel',
    '.SH SYNOPSIS',
    '.B ringfence',
    '.RI [ options ] " command " \\&...',
    '.SH DESCRIPTION',
    plain(tree.text),
    'Two services protect this host:',
    '.B ringfence.service',
    '(the guard: packets and the kernel) and',
    '.B ringfence\\-console.service',
    '(log, settings, pages in the browser).',
    'This command asks them, and changes what they do.',
    '.SH OPTIONS',
    ...options(tree),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH FILES',
    '.TP\n.I /etc/ringfence/console.yaml\nWhere the console listens for browsers.',
    '.TP\n.I /var/lib/ringfence\nLog, settings, lists and accounts.',
    '.TP\n.I /var/lib/ringfence\\-guard\nThe last good settings and lists: the guard starts with them.',
    '.SH EXIT STATUS',
    '0 fine, 1 the answer is no, 2 wrong use, 3 refused, 69 not reachable, 70 failed, 77 no permission.',
    '.SH SEE ALSO',
    '.I /usr/share/doc/ringfence/',
    '',
  ].join('\n');
}
