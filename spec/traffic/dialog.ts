/** A call of a phone, step by step: what either side sends within it, and from where. */
import { inbound, outbound, type Endpoint, type Traffic } from './datagram.ts';
import type { Phone } from './phone.ts';
import { transact, type Outcome } from './registrar.ts';
import { PBXS } from './shapes.ts';
import { requestText, responseText, sdp, type SipRequest } from './sip-text.ts';

export class Dialog {
  readonly invite: SipRequest;
  readonly outcome: Outcome;
  readonly #phone: Phone;
  readonly #traffic: Traffic;
  #cseq = 200;
  #branches = 0;

  /** Calls, answering challenges, and acknowledges a 200. */
  constructor(phone: Phone, at: number, toUser: string, over: Partial<SipRequest> = {}) {
    this.#phone = phone;
    this.#traffic = phone.traffic;
    this.invite = phone.request('INVITE', toUser, { body: sdp(phone.inside.host, 14_000), cseq: 100, ...over });
    this.outcome = phone.sendAuthenticated(this.invite, at);
    if (this.outcome.status !== 200) return;
    const ack = this.within('ACK');
    this.#traffic.push(
      inbound(this.outcome.at + 10, phone.endpoint, phone.pbx.endpoint, requestText(ack, phone.shape)),
    );
  }

  /** A request of the phone within the call; a CANCEL repeats the branch of what it cancels (RFC 3261 §9.1). */
  within(method: string, over: Partial<SipRequest> = {}): SipRequest {
    const { invite, outcome } = this;
    const cancel = method === 'CANCEL';
    return {
      ...invite,
      method,
      branch: cancel ? invite.branch : `z9hG4bK${invite.branch.slice(-8)}${(this.#branches++).toString(16)}`,
      toTag: cancel ? undefined : outcome.toTag,
      cseq: method === 'ACK' || cancel ? invite.cseq : ++this.#cseq,
      body: undefined,
      contact: undefined,
      ...over,
    };
  }

  send(method: string, at: number, over: Partial<SipRequest> = {}, from: Endpoint = this.#phone.endpoint): Outcome {
    return transact(this.#traffic, this.#phone.pbx, this.within(method, over), this.#phone.shape, at, from);
  }

  /** The PBX asks within the call, the phone answers. */
  asked(
    method: string,
    at: number,
    status: number,
    challenge?: { realm: string; nonce: string; stale: boolean },
  ): void {
    const { endpoint, pbx, user } = this.#phone;
    const { invite, outcome } = this;
    const r: SipRequest = {
      ...{ method, uri: `sip:${user}@${endpoint.host}:${endpoint.port}`, from: pbx.endpoint, domain: invite.domain },
      ...{ fromUser: invite.toUser, toUser: invite.fromUser, fromTag: outcome.toTag, toTag: invite.fromTag },
      ...{ branch: `z9hG4bKpbx${this.#cseq}${invite.branch.slice(-10)}`, callId: invite.callId, cseq: ++this.#cseq },
    };
    const answer = responseText(r, PBXS.asterisk, pbx.endpoint, { status, challenge });
    this.#traffic.push(outbound(at, pbx.endpoint, endpoint, requestText(r, PBXS.asterisk)));
    this.#traffic.push(inbound(at + 20, endpoint, pbx.endpoint, answer));
  }
}
