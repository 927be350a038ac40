/** The product's words in colour: one look for an action or a kind wherever it is shown. */
import type { Action } from '../src/core/judge/verdict.ts';
import { colour } from './terminal.ts';
import { escapeDecoded } from './escape.ts';

const ACTION_COLOURS: Record<Action | 'allow', (text: string) => string> = {
  pass: colour.green,
  allow: colour.green,
  watch: colour.cyan,
  limit: colour.yellow,
  block: colour.red,
  deny: (text) => colour.bold(colour.red(text)),
};

export function actionColour(action: Action | 'allow', text: string = action): string {
  return (ACTION_COLOURS[action] ?? ((plain: string) => plain))(text);
}

const VIA = { udp: 'UDP', tcp: 'TCP' };

export function viaTransport(transport: 'udp' | 'tcp'): string {
  return VIA[transport];
}

/** `[2001:db8::1]:5060`, `192.0.2.1:5060` (RFC 3986 §3.2.2). */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `7 users: 100, 101, 102 …`, each name safe to show; null without any. */
export function someNames(names: string[], total: number, one: string): string | null {
  if (total === 0 && names.length === 0) return null;
  const shown = names.slice(0, 10).map((name) => escapeDecoded(name, 40));
  const more = total > shown.length ? ' …' : '';
  return `${total} ${one}${total === 1 ? '' : 's'}: ${shown.join(', ')}${more}`;
}
