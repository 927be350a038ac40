/** Which ports are ours, as one byte of flags for each of the 65,536: asked for every packet. */
import type { Policy, PortRange } from './base/policy.ts';

export const SIP_UDP = 1;
export const SIP_TCP = 2;
export const TFTP = 4;

export class PortMap {
  readonly flags = new Uint8Array(65_536);

  constructor(ports: Policy['ports']) {
    this.mark(ports.sipUdp, SIP_UDP);
    this.mark(ports.sipTcp, SIP_TCP);
    this.mark(ports.tftp, TFTP);
  }

  private mark(ranges: PortRange[], flag: number): void {
    for (const { first, last } of ranges) for (let port = first; port <= last; port++) this.flags[port] |= flag;
  }
}
