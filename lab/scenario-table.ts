/**
 * The table of spec/scenarios on the wire, in two acts at the same time, each with a kernel and a Ringfence of its own: the short rows at
 * the pace in which they were made, and those that take minutes, days or weeks by the clock of their packets.
 */
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatAddress, isV4, parseAddress } from '../src/core/base/address.ts';
import { networkLengths, networkTarget } from '../src/core/base/target.ts';
import type { Incident } from '../src/core/judge/incident.ts';
import { keyOf } from '../src/enforce/element-key.ts';
import { askAll } from '../cli/client.ts';
import type { Said } from '../spec/scenarios/scenario.ts';
import type { TimedFrame } from '../spec/traffic/datagram.ts';
import { writePcap } from '../spec/traffic/pcap.ts';
import { temporaryDirectory } from './leftovers.ts';
import { ADDRESSES, Network } from './network.ts';
import { Program, run, until } from './process.ts';
import { Ringfence, type StartOptions } from './ringfence.ts';
import { PBX_NETWORKS, type Clock, type Row } from './scenario-rows.ts';
import type { Plan } from './scenario-table-program.ts';

/** What the kernel counts by the second goes by its own clock, in which all those days are seconds. */
const NO_RATES = 'wayIn: { enabled: false }\nlimit: { invitesPerSecond: 1000000 }\n';

const SETS = {
  addresses: ['block4', 'deny4', 'limit4', 'block6', 'deny6', 'limit6'],
  phones: ['blockport4', 'limitport4', 'blockport6', 'limitport6'],
  networks: ['blocknet4', 'blocknet6'],
} as const;
export type Kept = keyof typeof SETS;

/** What Ringfence did, as its users see it. */
export class Played {
  readonly incidents: readonly Incident[];
  /** The kernel's sets of blocks and limits as `nft` prints them. */
  readonly kernel: Readonly<Record<Kept, string>>;

  constructor(incidents: Incident[], kernel: Record<Kept, string>) {
    this.incidents = incidents;
    this.kernel = kernel;
  }

  /** What was said about the row's own addresses. */
  said({ addresses }: Row): Said[] {
    const own = new Map([...addresses].map(([of, is]) => [is, of]));
    return this.incidents.flatMap(({ source, action, scope, finding, reason }) => {
      const of = own.get(source);
      // What began as one thing may have been acted on as another.
      const codes = new Set([finding, ...(reason.includes('.') ? [reason] : [])]);
      return of === undefined ? [] : [...codes].map((code) => ({ source: of, action, scope, finding: code }));
    });
  }

  /** Its addresses that the kernel keeps out: whole, a phone of, or with their networks. */
  keptOut({ addresses }: Row, what: Kept): string[] {
    const held = new Set(this.kernel[what].match(/[0-9a-f:.]+/g));
    const isHeld = (is: string) => (what === 'networks' ? networkKeysOf(is) : [is]).some((text) => held.has(text));
    return [...addresses].filter(([, is]) => isHeld(is)).map(([of]) => of);
  }
}

/** As the kernel's sets name the networks that an address is in. */
function networkKeysOf(text: string): string[] {
  const address = parseAddress(text)!;
  return networkLengths(isV4(address)).map((bits) => formatAddress(keyOf(networkTarget(address, bits))));
}

export async function playTable(rows: readonly Row[]): Promise<Record<Clock, Played>> {
  const act = (clock: Clock) =>
    playAct(
      clock,
      rows.filter((row) => row.clock === clock),
    );
  const [real, packets] = await Promise.all([act('real'), act('packets')]);
  return { real, packets };
}

async function playAct(clock: Clock, rows: readonly Row[]): Promise<Played> {
  const directory = temporaryDirectory('table');
  const network = await Network.build();
  const ringfence = Ringfence.prepare(network);
  try {
    await wire(network);
    const clockFile = clock === 'packets' ? join(directory, 'clock') : undefined;
    await ringfence.run(clockFile === undefined ? {} : byPacketClock(clockFile));
    const frames = rows.flatMap((row) => row.frames).sort((a, b) => a.at - b.at);
    console.log(`${rows.length} rows, ${await play(network, directory, frames, { clock: clockFile })}`);
    return await outcome(ringfence, rows);
  } finally {
    await ringfence.remove();
    await network.tearDown();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Plays them, and says how it went. */
export async function play(
  network: Network,
  directory: string,
  frames: TimedFrame[],
  by: Pick<Plan, 'clock' | 'shift'>,
): Promise<string> {
  const capture = join(directory, 'played.pcap');
  writePcap(capture, frames);
  const plan: Plan = { capture, outside: network.namespace('attacker'), inside: network.namespace('pbx'), ...by };
  const program = join(import.meta.dirname, 'scenario-table-program.ts');
  const player = new Program('player', undefined, [process.execPath, program, JSON.stringify(plan)]);
  const { code, output } = await player.done;
  if (code !== 0) throw new Error(`the player ended with ${code}: ${output}`);
  return output.trim();
}

export function byPacketClock(file: string): StartOptions {
  writeFileSync(file, new Float64Array([0, 0]));
  const preload = pathToFileURL(join(import.meta.dirname, 'packet-clock.ts'));
  const env = { ...process.env, RINGFENCE_LAB_CLOCK: file, NODE_OPTIONS: `--import=${preload.href}` };
  return { policy: NO_RATES, env };
}

/** The attacker's namespace is the whole world, the PBX's has an address for every row, and neither kernel answers for itself. */
export async function wire(network: Network): Promise<void> {
  const ip = (host: 'internet' | 'pbx', ...words: string[]) => run(['ip', '-n', network.namespace(host), ...words]);
  for (const half of ['0.0.0.0/1', '128.0.0.0/1']) await ip('internet', 'route', 'add', half, 'dev', 'to-attacker');
  await ip('internet', 'route', 'add', PBX_NETWORKS.v4, 'dev', 'to-pbx');
  await ip('pbx', 'route', 'add', 'local', PBX_NETWORKS.v4, 'dev', 'lo');
  // A neighbour is asked for by the address that it has.
  await ip('internet', '-6', 'route', 'add', PBX_NETWORKS.v6, 'via', ADDRESSES.pbx.v6, 'dev', 'to-pbx');
  await ip('pbx', '-6', 'route', 'add', 'local', PBX_NETWORKS.v6, 'dev', 'lo');
  const input = `table inet lab-quiet {
    chain output {
      type filter hook output priority -400; policy accept;
      tcp flags & rst == rst drop
      icmp type destination-unreachable drop
      icmpv6 type destination-unreachable drop
    }
  }`;
  await run(['nft', '-f', '-'], { namespace: network.namespace('pbx'), input });
}

/** Reports reach the store within a fraction of a second: waits until every row that must be told of is. */
async function outcome(ringfence: Ringfence, rows: readonly Row[]): Promise<Played> {
  const look = async () => {
    const incidents = await askAll<Incident>(ringfence.data, '/attacks');
    const text = async (sets: readonly string[]) => {
      const listed = sets.map((set) => ringfence.nft('list', 'set', 'inet', 'ringfence', set));
      return (await Promise.all(listed)).map(({ stdout }) => stdout).join('\n');
    };
    const [addresses, phones, networks] = await Promise.all([
      text(SETS.addresses),
      text(SETS.phones),
      text(SETS.networks),
    ]);
    return new Played(incidents, { addresses, phones, networks });
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
