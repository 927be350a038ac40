/** How long people block: the choices of every menu and form. */
const HOUR = 3_600_000;

export interface Length {
  /** After “blocked”: `for 1 day`. */
  title: string;
  /** Null: for ever. */
  ms: number | null;
}

export const LENGTHS: readonly Length[] = [
  { title: 'for 1 hour', ms: HOUR },
  { title: 'for 1 day', ms: 24 * HOUR },
  { title: 'for 1 week', ms: 7 * 24 * HOUR },
  { title: 'for 30 days', ms: 30 * 24 * HOUR },
  { title: 'for good', ms: null },
];
