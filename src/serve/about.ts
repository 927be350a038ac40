/** What runs here, and whose data it uses. */
import type { OperationsContext } from './context.ts';

export interface AboutAnswer {
  version: string;
  licence: string;
  /** Version of Node.js. */
  node: string;
  /** What the licences of the country and network data ask to be said; empty: nothing. */
  attribution: string;
}

export function about({ version, geo }: OperationsContext): AboutAnswer {
  return { version, licence: 'Apache-2.0', node: process.version, attribution: geo.status().attribution };
}
