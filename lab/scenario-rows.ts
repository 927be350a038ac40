/** The rows of spec/scenarios as they are played: where each has its addresses, when it begins, and by which clock. */
import { formatAddress, isV4 } from '../src/core/base/address.ts';
import type { Group, Scenario } from '../spec/scenarios/scenario.ts';
import { TABLE } from '../spec/scenarios/table.ts';
import { atPort, endpoint, START, type Endpoint, type TimedFrame, type Traffic } from '../spec/traffic/datagram.ts';
import { v6Endpoint } from '../spec/traffic/disguises.ts';
import { PBX } from '../spec/traffic/good-cases.ts';
import { udpFrames } from '../spec/traffic/packets.ts';
import { isCustomer } from '../spec/traffic/provider.ts';
import { readdress } from '../spec/traffic/readdress.ts';

/** `real`: at the pace in which the row was made. `packets`: the sensor's clock is that of the packets, so that a week takes seconds. */
export type Clock = 'real' | 'packets';

export interface Row {
  group: Group;
  scenario: Scenario;
  clock: Clock;
  /** Its own addresses by those of the table. */
  addresses: ReadonlyMap<string, string>;
  frames: TimedFrame[];
}

/** Rows that take longer are played by the clock of the packets. */
const REAL_MS = 24_000;
/** Those follow each other so late that nothing of a week ago is still counted: together they would be one campaign. */
const FORGOTTEN_MS = 8 * 86_400_000;
/** What strangers may send in all is little (`wayIn.total`): rows that need nearly all of it come one after the other, after all others. */
const LOUD_PER_SECOND = 250;
const LOUD_APART_MS = 500;
/** No row has a /16 of IPv4 or a /48 of IPv6 in common with another, nor with the lab: nobody's neighbours are another row's. */
const [FIRST_OCTET, OCTETS] = [11, 100];
const [SECOND_OCTET, ROWS_OF_OCTET] = [3, 3];

/** Every row has a PBX of its own here, so that what one answers says nothing about the other. */
export const PBX_NETWORKS = { v4: '198.19.0.0/16', v6: '2001:db8:c613::/48' };

export function allRows(): Row[] {
  const all = TABLE.flatMap((group) => group.scenarios.map((scenario) => ({ group, scenario })));
  let loudAt = REAL_MS;
  let slowAt = 0;
  return all.map(({ group, scenario }, i): Row => {
    if (scenario.policy !== undefined) throw new Error(`${scenario.name}: all rows share one policy here`);
    const traffic = scenario.traffic();
    const lastsMs = Math.max(...traffic.map((d) => d.at)) - START;
    const { moved, addresses } = move(traffic, i);
    const frames = (scenario.wire ?? udpFrames)(moved);
    if (lastsMs > REAL_MS) {
      const beginsMs = slowAt;
      slowAt += lastsMs + FORGOTTEN_MS;
      return { group, scenario, addresses, clock: 'packets', frames: later(frames, beginsMs) };
    }
    // Spread over the time there is, so that together they are no flood.
    let delayMs = (REAL_MS - lastsMs) * ((i * 0.618) % 1);
    if (group.kind === 'attack' && traffic.length / 2 > LOUD_PER_SECOND * Math.max(1, lastsMs / 1_000)) {
      delayMs = loudAt;
      loudAt += lastsMs + LOUD_APART_MS;
    }
    return { group, scenario, addresses, clock: 'real', frames: later(frames, delayMs) };
  });
}

const later = (frames: TimedFrame[], byMs: number) => frames.map((one) => ({ ...one, at: one.at + byMs }));

/** Networks stay together, and apart from those of other rows. */
function move(traffic: Traffic, row: number): { moved: Traffic; addresses: Map<string, string> } {
  const addresses = new Map<string, string>();
  const regions: string[] = [];
  const networks: string[] = [];
  // Regions stay apart from each other, too.
  const placeOf = (region: string, network: string, host: number) => {
    const second = SECOND_OCTET + Math.floor(row / OCTETS) + ROWS_OF_OCTET * indexIn(regions, region);
    return `${FIRST_OCTET + (row % OCTETS)}.${second}.${indexIn(networks, network)}.${host}`;
  };
  const to4 = ({ address: { w3 }, port }: Endpoint) =>
    endpoint(placeOf(String(w3 >>> 16), String(w3 >>> 8), w3 & 255), port);
  const to6 = ({ address: { w0, w1, w2, w3 }, port }: Endpoint) => {
    const line = v6Endpoint(endpoint(placeOf(String(w0), `${w0} ${w1}`, 0), port)).address;
    return endpoint(formatAddress({ ...line, w2, w3 }), port);
  };
  const ownPbx = endpoint(`198.19.${row}.10`, 0);
  const to = (e: Endpoint): Endpoint => {
    // The sensor has a table of the Internet: a provider's customers stay where they are.
    if (isCustomer(e)) {
      note(e, e);
      return e;
    }
    const v4 = isV4(e.address);
    if (v4 && e.address.w3 === PBX.address.w3) return atPort(ownPbx, e.port);
    if (e.host === V6_PBX.host) return atPort(v6Endpoint(ownPbx), e.port);
    const moved = v4 ? to4(e) : to6(e);
    note(e, moved);
    // What is sent over IPv6 has the same address in another form.
    if (v4) note(v6Endpoint(e), v6Endpoint(moved));
    return moved;
  };
  const note = (of: Endpoint, is: Endpoint) => addresses.set(formatAddress(of.address), formatAddress(is.address));
  return { moved: ownNonces(readdress(traffic, to), row), addresses };
}

/** Every PBX of the table counts its nonces alike; two that were given out by two of them are two. */
function ownNonces(traffic: Traffic, row: number): Traffic {
  return traffic.map((d) => {
    const text = Buffer.from(d.payload)
      .toString('latin1')
      .replace(/(nonce="[0-9a-f]+)"/g, `$1${row.toString(16)}"`);
    return { ...d, payload: Buffer.from(text, 'latin1') };
  });
}

/** The PBX of the rows that are made in IPv6. */
const V6_PBX = endpoint('2001:db8::10', 5060);

function indexIn(list: string[], one: string): number {
  if (!list.includes(one)) list.push(one);
  return list.indexOf(one);
}
