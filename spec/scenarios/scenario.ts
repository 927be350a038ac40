/** A row of the table: who sends what, and what must be said about it. */
import type { Scope } from '../../src/core/base/target.ts';
import type { Action } from '../../src/core/judge/verdict.ts';
import type { Traffic } from '../traffic/datagram.ts';
import type { Disguise } from '../traffic/disguises.ts';

export interface Said {
  source: string;
  action: Action;
  scope: Scope;
  /** The verdict's finding; for people it is the reason. */
  finding: string;
}

export interface Scenario {
  name: string;
  /** Attack: what it is good for. Innocent: what it looks like. */
  note: string;
  traffic: () => Traffic;
  /** How it travels; plain UDP when nothing is said. */
  wire?: Disguise;
  /** YAML; what is not said has its default. */
  policy?: string;
  /**
   * Attack: the verdict that must fall. Innocent: the one verdict that may fall, always about a single port; none when it is absent.
   */
  said?: Said;
  /** Attack: every source takes part, `said` names one of them. */
  campaign?: true;
}

export interface Group {
  title: string;
  kind: 'attack' | 'innocent';
  scenarios: Scenario[];
}

export const blocks = (finding: string, source = '203.0.113.66'): Said => ({
  ...{ source, action: 'block', scope: 'address', finding },
});

export const tells = (finding: string, source = '203.0.113.66'): Said => ({
  ...{ source, action: 'watch', scope: 'address', finding },
});
