/** Messages posted to a web address: our own JSON with a signature, or as a chat or pager wants them. */
import type { WebhookPolicy } from '../../policy/compile-notify.ts';
import { failureText, outcome } from '../answer.ts';
import { tlsOptions } from '../certificates.ts';
import type { Channel, ChannelOptions, Delivered, Delivery } from '../channel.ts';
import { jsonBody } from '../json-body.ts';
import { mattermost } from './mattermost.ts';
import { pagerduty } from './pagerduty.ts';
import { post, type PostAnswer } from './post.ts';
import { signatureHeaders } from './signature.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import type { Template } from './template.ts';

export const TEMPLATES: Record<Exclude<WebhookPolicy['template'], 'json'>, Template> = {
  ...{ slack, mattermost, teams, telegram, pagerduty },
};

const TIMEOUT_MS = 20_000;

interface Patience {
  timeoutMs: number;
  /** Milliseconds since the epoch: the signature is of now. */
  now: () => number;
}

export function webhookChannel(
  policy: WebhookPolicy,
  options: ChannelOptions,
  patience: Patience = { timeoutMs: TIMEOUT_MS, now: Date.now },
): Channel {
  return {
    name: policy.name,
    kind: 'webhook',
    deliver: (delivery) => deliver(policy, options, patience, delivery),
    close: async () => {},
  };
}

async function deliver(
  policy: WebhookPolicy,
  { secretOf, hostName }: ChannelOptions,
  { timeoutMs, now }: Patience,
  delivery: Delivery,
): Promise<Delivered> {
  const secret = secretOf(policy.name);
  if (secret === null && (policy.url.includes('{secret}') || policy.template === 'pagerduty')) {
    return outcome('retry', `no secret is set: ringfence notify secret ${policy.name}`);
  }
  const url = addressOf(policy.url, secret);
  if (url === null) return outcome('retry', 'the secret does not fit into the address', [secret]);
  const template = policy.template === 'json' ? null : TEMPLATES[policy.template];
  const body = template
    ? JSON.stringify(template({ delivery, hostName, chat: policy.chat, secret }))
    : jsonBody(delivery, hostName);
  const headers = template || secret === null ? {} : signatureHeaders(secret, body, now());
  try {
    const answer = await post({ url, body, headers, tls: await tlsOptions(policy), timeoutMs });
    return judged(answer, secret, url);
  } catch (error) {
    return outcome('retry', failureText(error as Error), [secret, url.href]);
  }
}

/** Null: with the secret in its place it is no address, or one of another server. */
function addressOf(text: string, secret: string | null): URL | null {
  const filled = URL.parse(text.replace('{secret}', () => secret ?? ''));
  return filled !== null && filled.origin === URL.parse(text.replace('{secret}', 'x'))?.origin ? filled : null;
}

/** The message itself is not wanted, or the address is gone for good (Slack: 404 and 410 for a webhook that was taken back). */
const NEVER = [400, 404, 405, 406, 410, 413, 414, 415, 422];

function judged({ status, retryAfterMs, body }: PostAnswer, secret: string | null, url: URL): Delivered {
  const said = `${status} ${body}`;
  const secrets = [secret, url.href];
  if (status >= 200 && status < 300) return outcome('delivered', said, secrets);
  // Who may come in (401, 403) and where it is now (3xx) are settings that somebody will mend.
  if (NEVER.includes(status)) return outcome('refused', said, secrets);
  const moved = status >= 300 && status < 400 ? `${status}: it redirects to elsewhere, where nothing is sent` : said;
  return outcome('retry', moved, secrets, retryAfterMs ?? telegramPause(body));
}

/** Telegram says in the body how long to wait (https://core.telegram.org/bots/api#responseparameters). */
function telegramPause(body: string): number | undefined {
  const seconds = /"retry_after":\s*(\d{1,5})\b/.exec(body)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
