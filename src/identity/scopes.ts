/** What somebody may do. */
import type { Role } from '../store/identity-store.ts';

/** `read`: see. `act`: blocks and lists. `configure`: policy, countries, feeds. `accounts`: users and tokens. */
export const SCOPES = ['read', 'act', 'configure', 'accounts'] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ['administrator', 'viewer'] as const satisfies Role[];

export function scopesOf(role: Role): readonly Scope[] {
  return role === 'administrator' ? SCOPES : ['read'];
}
