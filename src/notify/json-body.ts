/** A delivery as JSON, for programs: webhooks of one's own, and commands. */
import { escapeJson } from '../core/base/escape.ts';
import type { Delivery } from './channel.ts';

/** Changes when a field changes its meaning or goes; new fields may come at any time. */
const VERSION = 1;

export interface JsonBody {
  version: number;
  /** The same for every try of this message. */
  id: string;
  host: string;
  subject: string;
  /** As a mail would have it. */
  text: string;
  notice: unknown;
}

/** Pure ASCII where it matters: what could turn or break a terminal's line is `\uXXXX`. Files are left out: their facts are in the notice. */
export function jsonBody({ messageId, notice, message }: Delivery, hostName: string): string {
  const bare =
    'attachments' in notice ? { ...notice, attachments: notice.attachments.map(({ name }) => ({ name })) } : notice;
  const body: JsonBody = {
    ...{ version: VERSION, id: messageId, host: hostName, subject: message.subject, text: message.text },
    notice: notice.kind === 'daily-report' ? { ...bare, text: undefined, html: undefined } : bare,
  };
  return escapeJson(JSON.stringify(body));
}
