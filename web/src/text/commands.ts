/** The daemon's hints name commands, for whoever reads them in a terminal. Here most of these have a page, which is nearer. */

export interface HintPart {
  text: string;
  /** The page of this console that does what the command does; absent: plain words. */
  to?: string;
}

/**
 * Commands after the word `ringfence`, `X` being an argument. What needs a terminal or a file of the machine is not among them; nor is
 * what stands in backticks, which is meant as it is.
 */
const PAGES: readonly (readonly [title: string, to: string, commands: readonly string[]])[] = [
  ['Allowlist', '/allowlist', ['allow list', 'allow add X', 'allow remove X']],
  ['Attacks', '/attacks', ['attacks show X', 'attacks']],
  ['Blocked', '/blocked', ['blocked', 'unblock X']],
  ['Countries', '/countries', ['geo status', 'geo countries']],
  ['Denylist', '/denylist', ['deny list', 'deny add X', 'deny remove X']],
  ['Feeds', '/feeds', ['feeds add X X', 'feeds show X', 'feeds remove X', 'feeds']],
  ['Health', '/health', ['status']],
  ['History', '/protection/history', ['policy history']],
  ['Notifications', '/notifications', ['notify test X', 'notify secret X', 'notify']],
  ['Protection', '/protection', ['policy set X X', 'policy get X']],
  ['Users', '/users', ['users list', 'users add X']],
];

const ARGUMENT = String.raw`[^\s,;)]*[^\s,;).]`;
const PAGE_OF = new Map(PAGES.flatMap(([title, to, commands]) => commands.map((one) => [one, { title, to }] as const)));
const COMMAND = new RegExp(
  [...PAGE_OF.keys()]
    .map((command) => String.raw`((?<!\x60)\bringfence ${command.replaceAll('X', ARGUMENT)}(?![\w-]))`)
    .join('|'),
  'g',
);

export function hintParts(hint: string): HintPart[] {
  const pages = [...PAGE_OF.values()];
  const parts: HintPart[] = [];
  let at = 0;
  for (const match of hint.matchAll(COMMAND)) {
    const page = pages[match.slice(1).findIndex((group) => group !== undefined)];
    if (match.index > at) parts.push({ text: hint.slice(at, match.index) });
    parts.push({ text: `the page ${page.title}`, to: page.to });
    at = match.index + match[0].length;
  }
  if (at < hint.length) parts.push({ text: hint.slice(at) });
  return parts;
}

/** Where no link can be. */
export function hintWords(hint: string): string {
  return hintParts(hint)
    .map(({ text }) => text)
    .join('');
}
