/**
 * Where a feed comes from, as it may be shown: in status, logs, errors and files. Everything in a URL that may be a secret is left
 * out: user and password, the values of the query, and parts of the path that look like keys (many list services put the
 * customer's key there).
 */

const HIDDEN = '***';
/** Keys are long and random; names of lists have dots, dashes and words. */
const KEY_CHARS_MIN = 20;
const KEY_LIKE = /^(?=.*\d)(?=.*[a-z])[a-z0-9_~=-]+$/i;

export function shownSource(source: { url?: string; file?: string }): string {
  return source.url ? shownUrl(source.url) : (source.file ?? '');
}

export function shownUrl(text: string): string {
  const url = URL.parse(text);
  // What is no URL may still hold a password.
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return HIDDEN;
  const user = url.username !== '' || url.password !== '' ? `${HIDDEN}@` : '';
  const path = url.pathname
    .split('/')
    .map((part) => (part.length >= KEY_CHARS_MIN && KEY_LIKE.test(part) ? HIDDEN : part))
    .join('/');
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${HIDDEN}`).join('&');
  return `${url.protocol}//${user}${url.host}${path}${query === '' ? '' : `?${query}`}`;
}

/** The same list keeps its copy when only the secrets of its URL change, or when it gets a password. */
export function sourceIdentity(source: { url?: string; file?: string }): string {
  return shownSource(source).replace(`//${HIDDEN}@`, '//');
}
