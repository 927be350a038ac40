/**
 * The table of spec/scenarios on the wire: one Ringfence, one kernel, and every row that is short enough at the same time, each
 * between addresses of its own and at the pace in which it was made.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isV4 } from '../src/core/base/address.ts';
import type { Incident } from '../src/core/judge/incident.ts';
import { askAll } from '../cli/client.ts';
import type { Group, Said, Scenario } from '../spec/scenarios/scenario.ts';
import { TABLE } from '../spec/scenarios/table.ts';
import { endpoint, START, type Endpoint, type TimedFrame, type Traffic } from '../spec/traffic/datagram.ts';
import { PBX } from '../spec/traffic/good-cases.ts';
import { udpFrames } from '../spec/traffic/packets.ts';
import { writePcap } from '../spec/traffic/pcap.ts';
import { readdress } from '../spec/traffic/readdress.ts';
import { temporaryDirectory } from './leftovers.ts';
import { Network } from './network.ts';
import { Program, run, until } from './process.ts';
import { Ringfence } from './ringfence.ts';
import type { Plan } from './scenario-table-program.ts';

/** Rows that take longer are for the engine alone. */
const LIVE_MS = 24_000;
/** Every row has a PBX of its own here, so that what one answers says nothing about the other. */
const PBX_NETWORK = '198.19.0.0/16';
/** Every row has an eighth of the address space's first half: nobody's neighbours are another row's. */
const FIRST_OCTET = 11;

export interface Row {
  group: Group;
  scenario: Scenario;
  /** Its own addresses by those of the table. */
  addresses: ReadonlyMap<string, string>;
  frames: TimedFrame[];
}

/** All rows that can be played, with their packets. */
export function liveRows(): Row[] {
  const all = TABLE.flatMap((group) => group.scenarios.map((scenario) => ({ group, scenario })));
  return all.flatMap(({ group, scenario }, i) => {
    const traffic = scenario.traffic();
    const { wire = udpFrames } = scenario;
    const last = Math.max(...traffic.map((d) => d.at));
    if (scenario.policy !== undefined || last - START > LIVE_MS) return [];
    // Floods take the share that the kernel has for all unknown sources together: lab/scenarios/floods.ts plays them one by one.
    if (group.title === 'Floods and junk') return [];
    // The sender knows IPv4 alone.
    if (wire(traffic.slice(0, 1)).some(({ frame }) => frame.bytes[0] >> 4 !== 4)) return [];
    const { moved, addresses } = move(traffic, i);
    const delayMs = (i % 40) * 25;
    const frames = wire(moved).map((one) => ({ ...one, at: one.at + delayMs }));
    return [{ group, scenario, addresses, frames }];
  });
}

/** Networks stay together, and apart from those of other rows. */
function move(traffic: Traffic, row: number): { moved: Traffic; addresses: Map<string, string> } {
  const first = FIRST_OCTET + row + (FIRST_OCTET + row >= 127 ? 1 : 0);
  const networks = new Map<number, number>();
  const addresses = new Map<string, string>();
  const to = (e: Endpoint): Endpoint => {
    if (!isV4(e.address)) throw new Error(`${e.host}: the table is IPv4`);
    const { w3 } = e.address;
    if (w3 === PBX.address.w3) return endpoint(`198.19.${row}.10`, e.port);
    const network = w3 >>> 8;
    if (!networks.has(network)) networks.set(network, networks.size);
    const moved = endpoint(`${first}.77.${networks.get(network)}.${w3 & 255}`, e.port);
    addresses.set(e.host, moved.host);
    return moved;
  };
  return { moved: readdress(traffic, to), addresses };
}

type Kept = 'addresses' | 'phones';

/** What Ringfence did, as its users see it. */
export class Played {
  readonly incidents: readonly Incident[];
  /** The kernel's sets of blocks and limits as `nft` prints them: of addresses and networks, and of single phones. */
  readonly kernel: Readonly<Record<Kept, string>>;

  constructor(incidents: Incident[], kernel: Record<Kept, string>) {
    this.incidents = incidents;
    this.kernel = kernel;
  }

  /** What was said about the row's own addresses. */
  said({ addresses }: Row): Said[] {
    const own = new Map([...addresses].map(([of, is]) => [is, of]));
    return this.incidents.flatMap(({ source, action, scope, finding }) => {
      const of = own.get(source);
      return of === undefined ? [] : [{ source: of, action, scope, finding }];
    });
  }

  /** Its addresses that the kernel keeps out, whole or a phone of. */
  keptOut({ addresses }: Row, what: Kept): string[] {
    return [...addresses].filter(([, is]) => new RegExp(`\\b${is}\\b`).test(this.kernel[what])).map(([of]) => of);
  }
}

export async function playTable(rows: readonly Row[]): Promise<Played> {
  const directory = temporaryDirectory('table');
  const network = await Network.build();
  const ringfence = Ringfence.prepare(network);
  try {
    await wire(network);
    await ringfence.run();
    const capture = join(directory, 'table.pcap');
    writePcap(
      capture,
      rows.flatMap(({ frames }) => frames).sort((a, b) => a.at - b.at),
    );
    const plan: Plan = { capture, outside: network.namespace('attacker'), inside: network.namespace('pbx') };
    const program = join(import.meta.dirname, 'scenario-table-program.ts');
    const player = new Program('player', undefined, [process.execPath, program, JSON.stringify(plan)]);
    const { code, output } = await player.done;
    console.log(output.trim());
    if (code !== 0) throw new Error(`the player ended with ${code}: ${output}`);
    return await outcome(ringfence, rows);
  } finally {
    await ringfence.remove();
    await network.tearDown();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The attacker's namespace is the whole world, the PBX's has an address for every row, and neither kernel answers for itself. */
async function wire(network: Network): Promise<void> {
  const ip = (host: 'internet' | 'pbx', ...words: string[]) => run(['ip', '-n', network.namespace(host), ...words]);
  for (const half of ['0.0.0.0/1', '128.0.0.0/1']) await ip('internet', 'route', 'add', half, 'dev', 'to-attacker');
  await ip('internet', 'route', 'add', PBX_NETWORK, 'dev', 'to-pbx');
  await ip('pbx', 'route', 'add', 'local', PBX_NETWORK, 'dev', 'lo');
  const input = `table inet lab-quiet {
    chain output {
      type filter hook output priority -400; policy accept;
      tcp flags & rst == rst drop
      icmp type destination-unreachable drop
    }
  }`;
  await run(['nft', '-f', '-'], { namespace: network.namespace('pbx'), input });
}

/** Reports reach the store within a fraction of a second: waits until every row that must be told of is. */
async function outcome(ringfence: Ringfence, rows: readonly Row[]): Promise<Played> {
  const look = async () => {
    const incidents = await askAll<Incident>(ringfence.data, '/attacks');
    const text = async (sets: string[]) => {
      const listed = sets.map((set) => ringfence.nft('list', 'set', 'inet', 'ringfence', set));
      return (await Promise.all(listed)).map(({ stdout }) => stdout).join('\n');
    };
    const addresses = await text(['block4', 'blocknet4', 'deny4', 'limit4']);
    return new Played(incidents, { addresses, phones: await text(['blockport4', 'limitport4']) });
  };
  const complete = (played: Played) =>
    rows.every((row) => {
      const { said } = row.scenario;
      return said === undefined || played.said(row).some(({ finding }) => finding === said.finding);
    });
  const told = until('every attack is told of', 5_000, async () => {
    const played = await look();
    return complete(played) ? played : undefined;
  });
  // What is missing then is for each row to say.
  return told.catch(look);
}
