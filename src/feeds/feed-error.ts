/** Why a feed could not be brought up to date. The previous content stays in force. */

export type FeedErrorCode =
  | 'feed-unreachable'
  | 'feed-timeout'
  | 'feed-http-status'
  | 'feed-redirect'
  | 'feed-too-large'
  | 'feed-truncated'
  | 'feed-encoding'
  | 'feed-not-a-list'
  | 'feed-mostly-bad'
  | 'feed-empty'
  | 'feed-too-many'
  | 'feed-too-wide'
  | 'feed-file-missing'
  | 'feed-file-unreadable'
  | 'feed-file-changing'
  | 'feed-url-invalid';

const HINTS: Record<FeedErrorCode, string> = {
  'feed-unreachable': 'check name, network and firewall; it is tried again by itself',
  'feed-timeout': 'the server is slow or does not answer; it is tried again by itself',
  'feed-http-status': 'check the address, and user name, password or key if the feed needs them',
  'feed-redirect': 'write the address that the feed has now into the policy',
  'feed-too-large': 'raise bytesMax of this feed in the policy, or take a smaller list',
  'feed-truncated': 'it is tried again by itself; part of a list is never taken',
  'feed-encoding': 'plain text or gzip is expected; unpack anything else and use it as a file',
  'feed-not-a-list': 'open the address in a browser: this is a page for people, or a log-in',
  'feed-mostly-bad': 'addresses, CIDRs or ranges are expected, one a line: plain, CSV, ipset, nft or Spamhaus DROP',
  'feed-empty': 'a list that is empty on purpose says so with a comment line: # empty',
  'feed-too-many': 'take a smaller list',
  'feed-too-wide': 'whole countries are what countries are for; take another list',
  'feed-file-missing': 'check the path',
  'feed-file-unreadable': 'the daemon must be able to read it, and it must be an ordinary file',
  'feed-file-changing': 'write the new list beside the old one and rename it into place',
  'feed-url-invalid': 'write http://… or https://…',
};

export class FeedError extends Error {
  readonly code: FeedErrorCode;
  readonly hint: string;
  /** The server asked for no request before this has passed (RFC 9110 §10.2.3); null: it did not say. */
  readonly retryAfterMs: number | null;

  constructor(code: FeedErrorCode, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'FeedError';
    this.code = code;
    this.hint = HINTS[code];
    this.retryAfterMs = retryAfterMs;
  }
}
