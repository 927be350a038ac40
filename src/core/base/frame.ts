/**
 * A frame is what capture hands to the engine: one IP packet, as bytes, with the side it came from when the kernel said so.
 *
 * Shapes: `bytes[start, end)` is the IP packet from its first header byte, link layer already removed.
 * Invariant: the buffer belongs to the capture and is overwritten after `engine.step` returns; whoever keeps bytes copies them.
 */
export const SIDE_UNKNOWN = 0;
/** Travels towards the protected side: requests to a protected port. */
export const SIDE_IN = 1;
/** Leaves the protected side: answers. Only these can be believed (product.md, rule 4). */
export const SIDE_OUT = 2;
export type Side = typeof SIDE_UNKNOWN | typeof SIDE_IN | typeof SIDE_OUT;

export interface Frame {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Length of the packet on the wire, bytes; more than `end - start` when the capture cut it. */
  wireLength: number;
  side: Side;
}
