/** Days of the calendar as the address holds them: `2026-11-21`. */
const DAY_MS = 86_400_000;
const DAY = /^20\d\d-\d\d-\d\d$/;

/** What the API is asked for: a day, or the words that it knows. */
export function dayOf(text: string | undefined): string {
  return text !== undefined && (DAY.test(text) || text === 'today') ? text : 'yesterday';
}

export function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `Saturday, 21 November 2026`. */
export function inWords(day: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });
  return format.format(Date.parse(`${day}T00:00Z`));
}

/** Null: as long as most days. */
export function lengthText(from: number, to: number): string | null {
  const hours = (to - from) / 3_600_000;
  if (hours === 24) return null;
  return `This day had ${hours} hours: the clocks were ${hours < 24 ? 'put forward' : 'set back'}.`;
}
