/** Names, web addresses and file paths as people type them into a policy: what is wrong with one. Null: nothing. */

const NAME_CHARS_MAX = 32;
const URL_CHARS_MAX = 2000;
const PATH_CHARS_MAX = 1000;

/** A feed's name is the name of its set in the kernel too. */
export function feedNameProblem(text: string): string | null {
  if (text.length > NAME_CHARS_MAX) return `a name has at most ${NAME_CHARS_MAX} characters`;
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
    ? null
    : 'write lower-case letters, digits and single dashes between them';
}

/** The policy is shown, exported and kept in the history: no place for a secret. */
export function urlProblem(text: string): string | null {
  if (text.length > URL_CHARS_MAX) return `an address has at most ${URL_CHARS_MAX} characters`;
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return 'no spaces and no control characters: write %20 for a space';
  const url = URL.parse(text);
  if (url === null) return 'write the whole address, e.g. https://lists.example.org/sip.txt';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `only https and http are fetched, not ${url.protocol.slice(0, 20)}; for a file on this machine use file`;
  if (url.username !== '' || url.password !== '') return 'no user name and no password: the policy is shown to people';
  if (/[?&](licen[cs]e_key|password|secret)=/i.test(text))
    return 'no key in the address: the policy is shown to people';
  return null;
}

export function filePathProblem(text: string): string | null {
  if (text.length > PATH_CHARS_MAX) return `a path has at most ${PATH_CHARS_MAX} characters`;
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'no control characters in a path';
  return text.startsWith('/') ? null : 'write the whole path from / on: the daemon has a working directory of its own';
}

export function accountProblem(text: string): string | null {
  return /^[A-Za-z0-9_.@-]{1,100}$/.test(text) ? null : 'letters and digits only: the account’s number, not its key';
}
