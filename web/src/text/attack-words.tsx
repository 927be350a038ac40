/** Attacks in words: `<Kind of="register-bruteforce" />`, `<ActionBadge of="block" />`; the same names on every page. */
import { Badge, Tooltip } from '@mantine/core';
import type { components } from '../api/schema.d.ts';

export type AttackKind = components['schemas']['AttackKind'];
export type Action = components['schemas']['Action'];

export const KIND_NAMES: Record<AttackKind, string> = {
  'register-bruteforce': 'Password guessing (REGISTER)',
  'auth-bruteforce': 'Password guessing (other methods)',
  enumeration: 'Looking for extensions',
  'scanner-agent': 'Scanner, by its name',
  'scanner-fingerprint': 'Scanner, by its traces',
  'invite-limit': 'Too many calls',
  flood: 'Flood',
  malformed: 'Malformed messages',
  'tftp-bruteforce': 'TFTP file guessing',
  'toll-fraud': 'Toll fraud',
  'forged-request': 'Forged requests',
  'digest-leak': 'Digest leak',
  injection: 'Injection',
  'slow-bruteforce': 'Patient guessing',
  'distributed-bruteforce': 'Guessing from many places',
};

const ACTIONS: Record<Action, { name: string; color: string; means: string }> = {
  pass: { name: 'Passed', color: 'gray', means: 'Nothing was done.' },
  watch: { name: 'Watched', color: 'blue', means: 'Recorded only; its packets pass.' },
  limit: { name: 'Limited', color: 'yellow', means: 'It may send only so many INVITEs.' },
  block: { name: 'Blocked', color: 'red', means: 'Its packets are dropped for a time.' },
  deny: { name: 'Denied', color: 'red', means: 'Its packets are dropped for good.' },
};

export function kindName(kind: string): string {
  return KIND_NAMES[kind as AttackKind] ?? kind;
}

export function Kind({ of }: { of: AttackKind }) {
  return (
    <Tooltip label={of}>
      <span>{kindName(of)}</span>
    </Tooltip>
  );
}

export function ActionBadge({ of }: { of: Action }) {
  const { name, color, means } = ACTIONS[of];
  return (
    <Tooltip label={means}>
      <Badge color={color} variant={of === 'deny' ? 'filled' : 'light'} miw="max-content">
        {name}
      </Badge>
    </Tooltip>
  );
}
