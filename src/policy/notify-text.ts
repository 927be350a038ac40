/** Addresses, hosts, times and secrets-to-be in the notification settings: what is wrong with one. Null: nothing. */
import { isIP } from 'node:net';
import { urlProblem } from './place-text.ts';

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * RFC 5321 §4.5.3.1: 64 octets before the @, 255 after it. Letters of other scripts are left to the server (SMTPUTF8); what would
 * end an SMTP command or begin another one is not.
 */
export function mailAddressProblem(text: string): string | null {
  if (text.length > 254) return 'an address has at most 254 characters';
  if (CONTROL.test(text) || /[\s<>(),;:"\\[\]]/.test(text))
    return 'the bare address, without name, spaces and brackets';
  const [local, host, ...more] = text.split('@');
  if (local === '' || host === undefined || host === '' || more.length > 0 || local.length > 64)
    return 'write somebody@example.org';
  return hostProblem(host);
}

export function hostProblem(text: string): string | null {
  if (isIP(text) !== 0) return null;
  if (text.length > 253) return 'a host name has at most 253 characters';
  return /^[\p{L}\p{N}]([\p{L}\p{N}_-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}_-]*[\p{L}\p{N}])?)*\.?$/u.test(text)
    ? null
    : 'a host name or an address, without a port';
}

/** Stays in the server's logs and in ours, so it is no password. */
export function userProblem(text: string): string | null {
  if (text.length > 256) return 'at most 256 characters';
  return CONTROL.test(text) ? 'no control characters' : null;
}

/** Addresses of chat systems hold their secret; the policy is shown, exported and kept in the history, so it stands apart. */
export function webhookProblem(text: string): string | null {
  const problem = urlProblem(text);
  if (problem !== null) return problem;
  if (
    !text.includes('{secret}') &&
    /hooks\.slack\.com\/services\/\w|api\.telegram\.org\/bot\w|\/hooks\/\w{20,}/.test(text)
  )
    return 'the secret part of the address is written {secret}; ringfence notify secret NAME keeps what belongs there';
  return text.includes('{') && !/^[^{}]*\{secret\}[^{}]*$/.test(text) ? 'one {secret}, and no other braces' : null;
}

/** Invariant: a file name alone. Whoever may change the policy chooses among programs that root has put there, and runs no others. */
export function programProblem(text: string): string | null {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(text)
    ? null
    : 'the name of a program in /etc/ringfence/notify.d, without a path';
}

export function chatProblem(text: string): string | null {
  return /^(-?\d{1,20}|@\w{1,64})$/.test(text) ? null : 'a chat number, or @channelname';
}

export function timeOfDayProblem(text: string): string | null {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? null : 'hours and minutes from 00:00 to 23:59';
}

export function timeZoneProblem(text: string): string | null {
  try {
    // Offsets (+02:00) are taken by Intl, too, but know no daylight-saving time.
    if (!/^[A-Za-z]/.test(text)) return 'a name, e.g. Europe/Berlin or UTC; an offset knows no daylight-saving time';
    new Intl.DateTimeFormat('en', { timeZone: text });
    return null;
  } catch {
    return 'no time zone of the IANA database: write e.g. Europe/Berlin, America/New_York, UTC';
  }
}

export function consoleUrlProblem(text: string): string | null {
  const problem = urlProblem(text);
  if (problem !== null) return problem;
  return /[?#{}"'<>\\]/.test(text) ? 'the address of the console alone, e.g. https://pbx.example.org:8470' : null;
}
