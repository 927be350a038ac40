/** Host names of the allowlist. */

const NAME_CHARS_MAX = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Something with a letter and without the signs of an address: people meant a name. */
export function looksLikeName(text: string): boolean {
  return /[a-z\u0080-\uffff]/i.test(text) && !/[:/\s]/.test(text);
}

/**
 * The name in lower case without a final dot, or what is wrong with it (RFC 1123 §2.1: letters, digits, hyphens; RFC 1035 §2.3.4:
 * 63 octets a label, 253 in all). It needs a dot: a single word in a column of addresses is a mistake far more often than a name.
 */
export function parseHostName(text: string): { name: string } | { problem: string } {
  const name = text.toLowerCase().replace(/\.$/, '');
  if (/[^\u0000-\u007f]/.test(name)) return { problem: 'a name in other letters than a to z goes in as xn--…' };
  if (name.length > NAME_CHARS_MAX) return { problem: `a host name has at most ${NAME_CHARS_MAX} characters` };
  const labels = name.split('.');
  if (labels.length < 2) return { problem: 'a host name is written in full, with its domain' };
  if (!labels.every((label) => LABEL.test(label)))
    return { problem: 'a host name consists of letters, digits and hyphens, with dots between' };
  // What ends in a number is read as an address by every resolver: 192.0.2.300 is a slip of the pen and no name.
  if (/^[0-9]+$|^0x/.test(labels.at(-1)!)) return { problem: 'no host name ends in a number' };
  return { name };
}
