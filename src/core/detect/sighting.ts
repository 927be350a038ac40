/**
 * One message as the detectors see it: who sent it to whom, and what the exchange it belongs to is known to be. Reused for every
 * message; a detector reads it and keeps nothing of it but numbers.
 */
import type { Proof } from '../base/proof.ts';
import type { SipMessage } from '../decode/sip/message.ts';
import type { TftpMessage } from '../decode/tftp/decode.ts';

export interface Sighting {
  now: number;
  /** Row of the source in the SourceTable (`base/lines.ts`): of the attacker's side, also when the message is an answer to it. */
  row: number;
  /** The address within the source, and the phone: 0 and the port, but in a line of IPv6 hashes. */
  host: number;
  phone: number;
  source0: number;
  source1: number;
  source2: number;
  source3: number;
  sourcePort: number;
  victim0: number;
  victim1: number;
  victim2: number;
  victim3: number;
  victimPort: number;
  /** The port that was asked; `victimPort` of a TFTP answer is the transfer's own (RFC 1350 §4). */
  servicePort: number;
  tcp: boolean;
  /** The capture holds less of the packet than was sent. */
  cut: boolean;
  /** True for what leaves the protected side. */
  answer: boolean;
  sip: SipMessage;
  tftp: TftpMessage;
  /** `bytes[start, end)` is the message itself. */
  bytes: Uint8Array;
  start: number;
  end: number;

  /** The message is TFTP; `sip` then holds another one. */
  overTftp: boolean;

  /** Hash of the Call-ID. */
  call: number;
  /** Method of the request, or of the request that is being answered; empty when it is not known. */
  method: string;
  /** Hash of the user the request is about (base of "distinct users"); 0 when it names none. */
  user: number;
  /** The request is no retransmission (product.md, rule 3). */
  fresh: boolean;
  /** The request carried digest credentials; `account` and `nonce` are hashes of the user name and the nonce in them. */
  hadCredentials: boolean;
  account: number;
  nonce: number;
  /** Why this request, or the one that is answered, is known to come from the address that it names; null: it may be forged. */
  proof: Proof | null;
  /** REGISTER, or its answer: the seconds that were asked for; `EXPIRES_UNSAID`, or `EXPIRES_QUERY` when it registers nothing. */
  expires: number;
  /** Answer: the credentials were wrong (product.md, rule 1: not stale, not just a new nonce). */
  wrongCredentials: boolean;
  /** Answer: the credentials were good: 2xx to a method that this victim challenges. */
  proved: boolean;
  /** Answer: the request carried the credentials of an account that got in from this source within the hour. */
  customer: boolean;
  /** Answer: the first final answer to this attempt, and the slot of the exchange; false and -1 when it matches nothing. */
  firstFinal: boolean;
  exchange: number;
  /** The victim is not watched for long: its nonces and its calls may be older than that. */
  newVictim: boolean;
  /** The credentials are made for a nonce that nobody saw given out, and that may be older than the watch: as good as none. */
  oldNonce: boolean;
  /** No answer of this victim was seen for a while (product.md, rule 2). */
  blind: boolean;
}

/** The registrar decides (RFC 3261 §10.2.1.1), or no Contact is named (§10.2.3). */
export const EXPIRES_UNSAID = -1;
export const EXPIRES_QUERY = -2;

/** Whether an answer refuses credentials, or the user itself (product.md, rule 1). */
export function isChallenge(status: number): boolean {
  return status === 401 || status === 407;
}

/** RFC 3261 §21.4.4 f.: forbidden, not found, gone; §21.6.4: does not exist anywhere; 603 decline is a person's answer for calls. */
export function isRefusal(status: number): boolean {
  return status === 403 || status === 404 || status === 410 || status === 604;
}
