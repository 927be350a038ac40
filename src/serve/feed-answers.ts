/** What the operations about feeds take and answer. */
import { z } from 'zod';
import type { FeedStatus } from '../feeds/feed.ts';
import type { HostNameStatus } from '../feeds/host-name.ts';
import { parseDuration } from '../policy/duration.ts';
import { feedNameProblem, filePathProblem, urlProblem } from '../policy/place-text.ts';

export interface FeedAnswer extends FeedStatus {
  /** Packets from its addresses since the kernel counts: dropped, or with `watch` counted only. Null: the guard has not reported. */
  hits: number | null;
}

export interface OverriddenRange {
  range: string;
  /** The entry of the allowlist that wins, with its comment; null: it has just gone. */
  by: string | null;
  comment: string;
}

export interface FeedDetailAnswer extends FeedAnswer {
  /** What of the feed the allowlist overrides: the first ones, and how many pieces there are. */
  overridden: { total: number; first: OverriddenRange[] };
}

export interface FeedsAnswer {
  feeds: FeedAnswer[];
  /** Host names of the allowlist, which are kept up to date in the same way. */
  hostNames: HostNameStatus[];
}

export interface FeedChangeAnswer {
  name: string;
  /** There was none of this name. */
  added: boolean;
  /** False: the policy said so already. */
  changed: boolean;
  /** Of the policy. */
  version: number;
  /** The policy file that will win at the next start, if the daemon has one. */
  file: string | null;
  /** What the first fetch came to; null after `remove`. */
  feed: FeedAnswer | null;
}

/** A text for which `problem` has no objection. */
function checked(problem: (text: string) => string | null) {
  return z.string().superRefine((text, context) => {
    const message = problem(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

export const feedName = checked(feedNameProblem);
const every = checked((text) => {
  const parsed = parseDuration(text);
  return 'problem' in parsed ? parsed.problem : null;
});

export const feedInput = z
  .strictObject({
    name: feedName,
    url: checked(urlProblem).optional(),
    file: checked(filePathProblem).optional(),
    action: z.enum(['block', 'watch']).optional(),
    every: every.optional(),
    /** The change is meant although it shuts somebody out. */
    yes: z.boolean().default(false),
  })
  .refine(({ url, file }) => (url === undefined) !== (file === undefined), { message: 'either url or file' });
