/** What a message of the outbox was about: its id says it (`src/notify`). */

export interface NoticeWords {
  text: string;
  /** The page of what it was about. */
  to?: string;
}

const SHAPES: readonly (readonly [id: RegExp, words: (match: RegExpExecArray) => NoticeWords])[] = [
  [/^opened-(.+)$/, ([, id]) => attack('An attack began', id)],
  [/^escalated-(.+)-[a-z]+$/, ([, id]) => attack('An attack got a harder answer', id)],
  [/^ended-(.+)$/, ([, id]) => attack('An attack ended', id)],
  [/^invite-limit-(.+)$/, ([, id]) => attack('Too many calls', id)],
  [/^campaign-.+-opened$/, () => ({ text: 'Many attackers at once', to: '/attacks' })],
  [/^campaign-.+-ended$/, () => ({ text: 'Many attackers: it is over', to: '/attacks' })],
  [/^storm-/, () => ({ text: 'Many messages as one' })],
  [/^report-(\d{4}-\d\d-\d\d)$/, ([, day]) => ({ text: `Report of ${day}`, to: `/reports?day=${day}` })],
  [/^trouble-(.+)-\d+$/, ([, code]) => ({ text: `Trouble: ${code}`, to: '/health' })],
];

export function noticeWords(id: string): NoticeWords {
  for (const [shape, words] of SHAPES) {
    const match = shape.exec(id);
    if (match) return words(match);
  }
  return { text: id };
}

function attack(text: string, id: string): NoticeWords {
  return { text, to: `/attacks/${encodeURIComponent(id)}` };
}
