/** How hard an action is on the source: what the policy asks for, and the most that a finding may lead to. */
import type { DetectorAction } from '../base/policy.ts';

const HARDNESS: readonly DetectorAction[] = ['watch', 'limit', 'block', 'deny'];

/** Undefined: whatever the policy asks for, which is harder than anything. */
export function hardness(most: DetectorAction | undefined): number {
  return most === undefined ? HARDNESS.length : HARDNESS.indexOf(most);
}

export function softer(asked: DetectorAction, most: DetectorAction | undefined): DetectorAction {
  return most !== undefined && hardness(most) < hardness(asked) ? most : asked;
}
