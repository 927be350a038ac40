/** Sources by the network that they are in (IPv4 /24, IPv6 /48): whoever asks about one of these looks at its own sources, not at all of them. */
import { inRange, isV4, type Address, type AddressRange } from '../base/address.ts';

/** Above every key of IPv4. */
const V6_KEYS = 2 ** 48;

export class Neighbours {
  private readonly byNetwork = new Map<number, Set<number>>();
  private readonly addressOf: (row: number) => Address;

  constructor(addressOf: (row: number) => Address) {
    this.addressOf = addressOf;
  }

  add(row: number): void {
    const key = keyOf(this.addressOf(row));
    const rows = this.byNetwork.get(key);
    if (rows) rows.add(row);
    else this.byNetwork.set(key, new Set([row]));
  }

  /** While the row still is this address's. */
  delete(row: number): void {
    const key = keyOf(this.addressOf(row));
    const rows = this.byNetwork.get(key);
    if (rows?.delete(row) && rows.size === 0) this.byNetwork.delete(key);
  }

  /** Those in the range: of a network of its own, or of several. */
  *within(range: AddressRange): Generator<number> {
    const [first, last] = [keyOf(range.first), keyOf(range.last)];
    const near = first === last ? [this.byNetwork.get(first)] : this.byNetwork.values();
    for (const rows of near) for (const row of rows ?? []) if (inRange(this.addressOf(row), range)) yield row;
  }
}

function keyOf(address: Address): number {
  const { w0, w1, w3 } = address;
  return isV4(address) ? w3 >>> 8 : V6_KEYS + w0 * 2 ** 16 + (w1 >>> 16);
}
