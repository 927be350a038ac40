/**
 * Why evidence is believed to come from the address that it names. Over UDP anybody can write anybody's address; only who receives what
 * was sent to an address can answer it.
 */
export const PROOFS = {
  nonce: 'it used a nonce that was sent to its address and port',
  tcp: 'it completed a TCP handshake',
  ack: 'it acknowledged a final answer that was sent to its address and port',
  branch: 'it answered a request of the protected side, whose branch was sent to its address alone',
} as const;
export type Proof = keyof typeof PROOFS;
