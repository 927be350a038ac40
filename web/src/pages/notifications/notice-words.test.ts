import { expect, test } from 'vitest';
import { noticeWords } from './notice-words.ts';

test.each([
  ['opened-mwsz4gh1-d', 'An attack began', '/attacks/mwsz4gh1-d'],
  ['escalated-mwsz4gh1-d-deny', 'An attack got a harder answer', '/attacks/mwsz4gh1-d'],
  ['ended-mwsz4gh1-d', 'An attack ended', '/attacks/mwsz4gh1-d'],
  ['invite-limit-mwsz4gh1-d', 'Too many calls', '/attacks/mwsz4gh1-d'],
  ['campaign-mwsz4f5u-opened', 'Many attackers at once', '/attacks'],
  ['campaign-mwsz4f5u-ended', 'Many attackers: it is over', '/attacks'],
  ['storm-office-opened-mwsz4gh1-d-0', 'Many messages as one', undefined],
  ['report-2026-11-21', 'Report of 2026-11-21', '/reports?day=2026-11-21'],
  ['trouble-kernel-table-broken-497000', 'Trouble: kernel-table-broken', '/health'],
  ['something-new', 'something-new', undefined],
])('%s', (id, text, to) => expect(noticeWords(id)).toEqual(to === undefined ? { text } : { text, to }));
