/** Ways from the Overview into the attack log, with its filters set. */
import type { AttackFilters } from '../attacks/filters.ts';

export function attacksPath(filters: AttackFilters): string {
  return `/attacks?${new URLSearchParams(filters).toString()}`;
}
