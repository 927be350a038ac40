/** `ringfence users …`, `ringfence web link`. */
import type { AccountView } from '../../src/identity/accounts.ts';
import type { LinkAnswer } from '../../src/serve/identity/operations.ts';
import { ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { CliError, EXIT_OK, EXIT_REFUSED } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { print, printJson } from '../terminal.ts';
import { fullTime, timeAndAge } from '../when.ts';

const place = (name: string) => `/users/${encodeURIComponent(name)}`;

export async function usersList(globals: Globals): Promise<number> {
  const { items } = await ask<{ items: AccountView[] }>(globals.data, 'GET', '/users');
  if (globals.json) printJson(items);
  else
    print(
      items.length === 0 ? 'Nobody yet. Make the first account: ringfence web link' : renderUsers(items, Date.now()),
    );
  return EXIT_OK;
}

export function renderUsers(users: AccountView[], now: number): string {
  return renderTable<AccountView>(
    [
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'ROLE', cell: ({ role }) => role },
      { title: 'STATE', cell: stateOf },
      { title: 'SECOND FACTOR', cell: ({ secondFactor }) => (secondFactor ? 'on' : 'off') },
      { title: 'SIGNED IN', cell: ({ signedInAt }) => (signedInAt === null ? 'never' : timeAndAge(signedInAt, now)) },
    ],
    users,
  );
}

function stateOf({ disabled, hasPassword }: AccountView): string {
  if (disabled) return 'disabled';
  return hasPassword ? 'fine' : 'link not used yet';
}

export async function userAdd(globals: Globals, name: string, { role }: { role: string }): Promise<number> {
  const link = await ask<LinkAnswer>(globals.data, 'POST', '/users', { name, role });
  return tellLink(globals, link, `${name} is a new account (${role}). The password is chosen with this link`);
}

export async function userRemove(globals: Globals, name: string): Promise<number> {
  const answer = await ask(globals.data, 'DELETE', place(name));
  if (globals.json) printJson(answer);
  else print(`${escapeText(name)} is removed, with its sessions and tokens.`);
  return EXIT_OK;
}

export async function userChange(
  globals: Globals,
  name: string,
  change: { role?: string; disabled?: boolean },
): Promise<number> {
  const user = await ask<AccountView>(globals.data, 'PATCH', place(name), change);
  if (globals.json) printJson(user);
  else print(`${user.name}: ${user.role}, ${stateOf(user)}.`);
  return EXIT_OK;
}

export async function webLink(
  globals: Globals,
  { reset, removeSecondFactor = false }: { reset?: string; removeSecondFactor?: boolean },
): Promise<number> {
  if (reset !== undefined) {
    const link = await ask<LinkAnswer>(globals.data, 'POST', `${place(reset)}/link`, {
      removesSecondFactor: removeSecondFactor,
    });
    return tellLink(globals, link, `${escapeText(reset)} chooses a new password with this link`);
  }
  const { link } = await ask<{ link: LinkAnswer | null }>(globals.data, 'POST', '/setup/first-link');
  if (link) return tellLink(globals, link, 'The first account is made with this link');
  const hint = 'For a forgotten password: ringfence web link --reset NAME\nFor somebody new: ringfence users add NAME';
  throw new CliError(EXIT_REFUSED, 'There are accounts already: a link is for one of them.', hint);
}

function tellLink(globals: Globals, answer: LinkAnswer, what: string): number {
  if (globals.json) printJson(answer);
  else if (answer.url !== null) print(`${what}, once, until ${fullTime(answer.until)}:\n  ${answer.url}`);
  else {
    const where = 'the console is not open in the browser now; see ringfence status';
    print(
      `${what}, once, until ${fullTime(answer.until)} (behind the address of the console: ${where}):\n  ${answer.link}`,
    );
  }
  return EXIT_OK;
}
