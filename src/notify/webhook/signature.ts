/**
 * The signature of a webhook, so that the receiver knows that a message is ours and of now.
 *
 *     X-Ringfence-Timestamp: 1795269802
 *     X-Ringfence-Signature: sha256=5d41…      (64 hexadecimal digits)
 *
 * To verify: 1. take the timestamp, a point and the body as it came, byte for byte; 2. HMAC-SHA256 (RFC 2104) of that with the secret; 3. compare in
 * constant time; 4. refuse what is older than five minutes, so that nobody can send it again. A message that is tried again has a new timestamp and
 * signature, and the same `id`.
 */
import { createHmac } from 'node:crypto';

export function signatureHeaders(secret: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-ringfence-timestamp': timestamp, 'x-ringfence-signature': `sha256=${digest}` };
}
