/**
 * A named defect of a message. Decoding never fails: it returns what it could read and a list of these.
 *
 * `offset` counts bytes from the first byte of the message (SIP, TFTP) or packet (IP), and lies inside it (0 … length).
 */
export interface Anomaly {
  code: string;
  offset: number;
}

/** `note`: seen from healthy phones too; `defect`: against the RFC but readable; `severe`: no working client sends it. */
export type Severity = 'note' | 'defect' | 'severe';

export interface AnomalyDescription {
  severity: Severity;
  /** The clause that the bytes break, e.g. `RFC 3261 §20.14`. */
  rfc: string;
  /** One sentence for people. */
  text: string;
}
