import { expect, test } from 'vitest';
import { reactionOf, type Reaction } from './reaction-time.ts';
import type { Seen } from './reaction-watch.ts';

/** A guess each millisecond, refused half a millisecond later; a probe each tenth of a millisecond, all from time 100. */
function attack(guesses: number): Seen {
  const seen: Seen = { requests: [99], probes: [], guessAt: new Map(), refusals: [] };
  for (let guess = 1; guess <= guesses; guess++) {
    const at = 99 + guess;
    seen.requests.push(at);
    seen.guessAt.set(guess, at);
    if (guess <= 6) seen.refusals.push({ guess, at: at + 0.5 });
  }
  for (let probe = 0; probe < guesses * 10; probe++) seen.probes.push(100 + probe / 10);
  return seen;
}

function measured(passed: { requests: number; probes: number }, seen = attack(10)): Reaction {
  const reaction = reactionOf(seen, passed, 5);
  if (typeof reaction === 'string') throw new Error(reaction);
  return reaction;
}

test('the fifth refusal leaves at 104.5; probes pass until 105.1, the guess at 105 too', () => {
  // Probes at 100.0, 100.1 … 105.1 are 52; requests 99, 100 … 105 are 7.
  const reaction = measured({ requests: 7, probes: 52 });
  expect(reaction.fromAnswerMs).toBeCloseTo(0.7, 6);
  expect(reaction.fromRequestMs).toBeCloseTo(1.2, 6);
  expect(reaction.resolutionMs).toBeCloseTo(0.1, 6);
  expect(reaction.reachedAfter).toBe(1);
});

test('a block before the next guess lets no request through', () => {
  expect(measured({ requests: 6, probes: 46 }).reachedAfter).toBe(0);
});

test('refusals count in the order in which they left, not in the order of the guesses', () => {
  const seen = attack(10);
  seen.refusals.reverse();
  expect(measured({ requests: 7, probes: 52 }, seen).fromAnswerMs).toBeCloseTo(0.7, 6);
});

test.each([
  { what: 'every probe came through', passed: { requests: 11, probes: 100 }, threshold: 5, outcome: 'never-dropped' },
  { what: 'too few guesses were refused', passed: { requests: 7, probes: 52 }, threshold: 7, outcome: 'never-crossed' },
])('no figure when $what: $outcome', ({ passed, threshold, outcome }) => {
  expect(reactionOf(attack(10), passed, threshold)).toBe(outcome);
});

test('refusals that leave when the attack is over say nothing about the defence', () => {
  const seen = attack(10);
  for (const refusal of seen.refusals) refusal.at += 20;
  expect(reactionOf(seen, { requests: 11, probes: 100 }, 5)).toBe('never-crossed');
});

test('a source that is blocked before its first probe has an end, but nobody knows how late', () => {
  const reaction = measured({ requests: 6, probes: 0 });
  expect(reaction.resolutionMs).toBe(Infinity);
  expect(reaction.fromAnswerMs).toBeCloseTo(-4.5, 6);
});
