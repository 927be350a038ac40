/** Mail over SMTP (RFC 5321): STARTTLS or TLS, AUTH, one recipient to a delivery, so that each gets what they chose and each has an outcome. */
import type { EmailPolicy } from '../../policy/compile-notify.ts';
import { failureText, outcome } from '../answer.ts';
import { tlsOptions } from '../certificates.ts';
import { DELIVERY_TIMEOUT_MS, type Channel, type ChannelOptions, type Delivered, type Delivery } from '../channel.ts';
import { threadOf } from './thread.ts';

export interface SmtpPatience {
  connectMs: number;
  /** Servers make strangers wait for the banner to see who talks first: 30 s is common. */
  bannerMs: number;
  /** Without a byte. */
  silenceMs: number;
  /** For everything. */
  totalMs: number;
}

export const SMTP_PATIENCE: SmtpPatience = {
  connectMs: 15_000,
  bannerMs: 35_000,
  silenceMs: 20_000,
  totalMs: DELIVERY_TIMEOUT_MS - 5000,
};

export function emailChannel(policy: EmailPolicy, options: ChannelOptions, patience = SMTP_PATIENCE): Channel {
  return {
    name: policy.name,
    kind: 'email',
    deliver: (delivery) => deliver(policy, options, patience, delivery),
    // Each delivery has its own connection: mails are minutes apart, and servers close idle ones.
    close: async () => {},
  };
}

async function deliver(
  policy: EmailPolicy,
  { secretOf, hostName }: ChannelOptions,
  patience: SmtpPatience,
  delivery: Delivery,
): Promise<Delivered> {
  const { name, host, port, security, user } = policy;
  const password = user === '' ? null : secretOf(name);
  if (user !== '' && password === null) {
    return outcome('retry', `no password is set for ${user}: ringfence notify secret ${name}`);
  }
  try {
    // 40 modules that a console without mail does without (3 MB).
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      ...{ host, port, name: hostName, tls: await tlsOptions(policy) },
      secure: security === 'tls',
      // Evasion: whoever sits in between takes STARTTLS out of the greeting. Then nothing is sent, no password either.
      ...(security === 'starttls' ? { requireTLS: true } : { ignoreTLS: true }),
      ...(password === null ? {} : { auth: { user, pass: password } }),
      connectionTimeout: patience.connectMs,
      dnsTimeout: patience.connectMs,
      greetingTimeout: patience.bannerMs,
      socketTimeout: patience.silenceMs,
      socketCloseTimeout: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const mail = { ...mailOf(policy, hostName, delivery), signal: AbortSignal.timeout(patience.totalMs) };
    const { response } = await transport.sendMail(mail);
    return outcome('delivered', response, [password]);
  } catch (error) {
    return failed(error as SmtpError, password);
  }
}

function mailOf({ from }: EmailPolicy, hostName: string, { messageId, notice, message, recipient }: Delivery) {
  const thread = threadOf(notice, messageId);
  return {
    from: { name: `Ringfence on ${hostName}`, address: from },
    to: { name: '', address: recipient },
    subject: message.subject,
    text: message.text,
    ...(message.html === null ? {} : { html: message.html }),
    attachments: message.attachments.map(({ name, contentType, content, cid }) => ({
      ...{ filename: name, contentType, content: Buffer.from(content) },
      ...(cid === undefined ? {} : { cid, contentDisposition: 'inline' as const }),
    })),
    messageId: `<${messageId}>`,
    ...(thread === null ? {} : { references: thread, inReplyTo: thread }),
    // Of the fact, not of this try: a mail that waited out an outage stands where it belongs.
    date: new Date(notice.at),
    xMailer: false as const,
    headers: {
      // RFC 3834 §5: no out-of-office answers. Exchange listens to the second one.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
  };
}

interface SmtpError extends Error {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  /** Of a reply: the same message would be rejected again. */
  permanent?: boolean;
}

/** What the message or its recipient was refused for; what was wrong before (greeting, TLS, password) gets better when somebody mends it. */
const ABOUT_THE_MESSAGE = /^(MAIL FROM|RCPT TO|DATA|BDAT)$/;
/** RFC 4954 §6: authentication or encryption is wanted first, which is a matter of settings, not of the message. */
const SETTINGS_CODES = [530, 534, 535, 538];

function failed(error: SmtpError, password: string | null): Delivered {
  const { permanent, response, responseCode = 0, command = '' } = error;
  const final = permanent === true && ABOUT_THE_MESSAGE.test(command) && !SETTINGS_CODES.includes(responseCode);
  const where = command === 'STARTTLS' ? 'STARTTLS is not to be had: ' : '';
  return outcome(final ? 'refused' : 'retry', where + (response ?? failureText(error)), [password]);
}
