/**
 * Durations as people write them: `90s`, `5m`, `1h`, `7d`, `2w`, `1h30m`; in the compiled policy they are milliseconds.
 *
 * A number without a unit is refused instead of guessed: other tools read it as seconds, minutes or milliseconds, and a block of
 * 3,600 ms instead of an hour would go unnoticed until it mattered.
 */
const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

const SHAPE = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Above this (100 years) a number of milliseconds is a slip of the pen, and sums of it would leave the safe integers. */
export const DURATION_MAX_MS = 100 * 365 * 86_400_000;

/** Milliseconds, or what is wrong with the text and how to write it. */
export function parseDuration(text: string): { ms: number } | { problem: string } {
  const match = text.length <= 64 ? SHAPE.exec(text) : null;
  if (!match || text === '') return { problem: durationProblem(text) };
  let ms = 0;
  for (let i = 0; i < UNITS.length; i++) ms += Number(match[i + 1] ?? 0) * UNITS[i][1];
  if (ms > DURATION_MAX_MS) return { problem: 'no duration is longer than 100 years' };
  return { ms };
}

function durationProblem(text: string): string {
  if (text.trim() === '') return 'the duration is empty: write 60s, 5m, 1h or 7d';
  if (/^\d{1,9}$/.test(text)) return `${text} has no unit: write ${text}s for seconds (or m, h, d, w)`;
  if (/^[\d.,]+\s*[a-z]+$/i.test(text) && /[.,]/.test(text)) return 'no fractions: write 1h30m instead of 1.5h';
  if (/\s/.test(text.trim())) return 'no spaces inside: write 1h30m';
  if (/^-/.test(text)) return 'a duration cannot be negative';
  if (/^(\d+[smhdw])+$/.test(text)) return 'units go from large to small, each once: write 1h30m';
  return 'units are s, m, h, d and w, in lower case: write 90s, 5m, 1h, 7d or 1h30m';
}

/** The shortest text that parses back to the same duration; parts of a second are dropped. `0s` for nothing. */
export function formatDuration(ms: number): string {
  let rest = Math.floor(ms / 1000) * 1000;
  let text = '';
  for (const [unit, size] of UNITS) {
    const n = Math.floor(rest / size);
    // Whole weeks only, so that 30 days stay 30d.
    if (n === 0 || (unit === 'w' && rest % size !== 0)) continue;
    text += `${n}${unit}`;
    rest -= n * size;
  }
  return text === '' ? '0s' : text;
}
