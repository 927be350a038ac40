/**
 * Text that strangers wrote (user agents, users, file names, names of networks) on its way into a message for people. What comes out is one
 * line of visible characters; each format then escapes its own markup.
 */
import { escapeDecoded } from '../../core/base/escape.ts';

/** A user agent may have 64 kB; of one text this many characters are told. */
export const STRANGER_CHARS_MAX = 120;

// A scheme; `www.`; a name with a top-level domain that goes on with a path; and the @ by which chats call people.
const LINK_LIKE = /:\/\/|(?<=\bwww)\.|(?<=[\p{L}\p{N}])\.(?=\p{L}{2,24}[/?#])|@(?=\w)/giu;

/**
 * Evasion: mail and chat programs make links of what looks like one, so `User-Agent: your licence ended, http://…` would be a link in a message
 * that the reader trusts, and `@channel` would call everybody. What makes it a link is shown in brackets: `http[://]…`, `www[.]…`, `[@]channel`.
 */
export function strangersText(text: string, max = STRANGER_CHARS_MAX): string {
  return escapeDecoded(text, max).replace(LINK_LIKE, '[$&]');
}
