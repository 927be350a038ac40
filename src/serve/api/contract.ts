/** The whole contract, noun by noun, in the order of the document. */
import { auditGroup } from './audit.ts';
import type { Group } from './endpoint.ts';

export const contract: readonly Group[] = [auditGroup];
