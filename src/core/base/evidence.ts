/** One message kept as proof. `bytes` is the SIP or TFTP message alone (a copy, cut at the size cap); addresses are text. */
export interface EvidenceItem {
  /** Milliseconds since the epoch. */
  at: number;
  /** `in`: from the source to the victim; `out`: the victim's answer. */
  side: 'in' | 'out';
  transport: 'udp' | 'tcp';
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  bytes: Uint8Array;
  /** Length of the whole message, bytes; more than `bytes.length` when it was cut. */
  length: number;
}
