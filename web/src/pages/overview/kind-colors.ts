/** One colour for each kind of attack, readable on light and dark alike; neighbours in a stack differ in lightness, too. */
import type { AttackKind } from '../../text/attack-words.tsx';

const COLORS: Record<AttackKind, string> = {
  'register-bruteforce': '#4d6fd9',
  'auth-bruteforce': '#8fa9f2',
  enumeration: '#1f9d8b',
  'scanner-agent': '#d97a2b',
  'scanner-fingerprint': '#efb45c',
  'invite-limit': '#8f5fc9',
  flood: '#d1495b',
  malformed: '#7f8894',
  'tftp-bruteforce': '#39a5d8',
  'toll-fraud': '#b5484a',
  'forged-request': '#c26fb0',
  'digest-leak': '#6a8f3c',
  injection: '#a8c256',
  'slow-bruteforce': '#2f4aa0',
  'distributed-bruteforce': '#b9c8f8',
};

export function kindColor(kind: string): string {
  return COLORS[kind as AttackKind] ?? '#b3bac4';
}
