/** What a template makes: the JSON that one service wants. */
import type { Delivery } from '../channel.ts';

export interface TemplateInput {
  delivery: Delivery;
  hostName: string;
  /** Telegram: who gets it. */
  chat: string;
  /** PagerDuty: the routing key. */
  secret: string | null;
}

export type Template = (input: TemplateInput) => unknown;

/** Rows of one table that a chat shows; the link leads to all of them. */
export const CHAT_ROWS_MAX = 10;

/** As many of the pieces as fit, whole: half of an escape or tag would be none. */
export function fitting(pieces: readonly string[], charsMax: number, separator = '\n'): string {
  let text = '';
  for (const piece of pieces) {
    const longer = text === '' ? piece : `${text}${separator}${piece}`;
    if (longer.length > charsMax) return text;
    text = longer;
  }
  return text;
}
