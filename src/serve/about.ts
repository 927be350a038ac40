/** What runs here, and whose data it uses. */
import type { AboutAnswer } from './answers.ts';
import type { OperationsContext } from './context.ts';

export function about({ version, geo }: OperationsContext): AboutAnswer {
  return { version, licence: 'Apache-2.0', node: process.version, attribution: geo.status().attribution };
}
