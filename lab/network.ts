/**
 * The lab's network: namespaces of its own, joined by a router that plays the internet. Nothing of it touches the host's network:
 * even the veth pairs are made inside the namespaces.
 *
 * ```
 *   attacker 203.0.113.66 ──┐                         ┌── pbx 198.51.100.10        host:    Ringfence on the PBX itself
 *   attacker …              ├── internet (a router) ──┤
 *   phones   192.0.2.10   ──┘                         └── gw ── pbx 198.51.100.20  gateway: the PBX is a routed guest
 *                                                               pbx 10.10.0.2      dnat:    … behind destination NAT
 * ```
 * Every host is on a link of its own, with the router as default gateway (169.254.x.1, fe80::1), so that a namespace can carry any
 * addresses, and as many as a scenario needs. All addresses are from the documentation ranges (RFC 5737, RFC 3849).
 */
import { LAB, run } from './process.ts';

export const ADDRESSES = {
  attacker: { v4: '203.0.113.66', v6: '2001:db8:bad::66' },
  attacker2: { v4: '203.0.113.67', v6: '2001:db8:bad::67' },
  /** The public side of the NAT that all phones are behind. */
  phones: { v4: '192.0.2.10', v6: '2001:db8:10::10' },
  pbx: { v4: '198.51.100.10', v6: '2001:db8:100::10' },
  /** The PBX as a guest: routed, and behind destination NAT. */
  guest: { v4: '198.51.100.20', v6: '2001:db8:200::20' },
  hiddenGuest: { v4: '10.10.0.2', v6: 'fd00:10::2' },
} as const;

export type Variant = 'host' | 'gateway' | 'dnat';
export type HostName = 'internet' | 'attacker' | 'attacker2' | 'phones' | 'pbx' | 'gw';

interface AddressPair {
  v4: string;
  v6: string;
}

const ROUTER_V6 = 'fe80::1';

/** Two routers, two addresses: the gateway's default router must not be an address of its own. */
function routerV4(router: HostName): string {
  return router === 'internet' ? '169.254.1.1' : '169.254.2.1';
}

export class Network {
  readonly variant: Variant;
  /** `rf-lab-<pid>-<n>`: unique for each network of each run. */
  readonly prefix: string;
  readonly #made: HostName[] = [];
  static #count = 0;

  private constructor(variant: Variant) {
    this.variant = variant;
    this.prefix = `${LAB}${process.pid}-${++Network.#count}`;
  }

  static async build(variant: Variant = 'host'): Promise<Network> {
    const network = new Network(variant);
    try {
      await network.#build();
    } catch (error) {
      await network.tearDown();
      throw error;
    }
    return network;
  }

  namespace(host: HostName): string {
    return `${this.prefix}-${host}`;
  }

  /** Where Ringfence runs: on the PBX, or on the gateway in front of it. */
  get guardHost(): HostName {
    return this.variant === 'host' ? 'pbx' : 'gw';
  }

  /** The address that attackers and phones talk to. */
  get target(): AddressPair {
    return this.variant === 'gateway' ? ADDRESSES.guest : ADDRESSES.pbx;
  }

  /** The address the PBX itself listens on: what an incident must name as its victim. */
  get victim(): AddressPair {
    if (this.variant === 'dnat') return ADDRESSES.hiddenGuest;
    return this.target;
  }

  /** Removes every namespace. Returns the processes that were still inside: leaks, ended here because the namespaces are ours. */
  async tearDown(): Promise<string[]> {
    const leaks: string[] = [];
    for (const host of this.#made.splice(0).reverse()) leaks.push(...(await removeNamespace(this.namespace(host))));
    return leaks;
  }

  async #build(): Promise<void> {
    await this.#addHost('internet');
    await this.#ip('internet', 'link set lo up');
    await forward(this.namespace('internet'));
    for (const host of ['attacker', 'attacker2', 'phones'] as const)
      await this.#connect(host, 'internet', 'eth0', ADDRESSES[host]);

    if (this.variant === 'host') {
      await this.#connect('pbx', 'internet', 'eth0', ADDRESSES.pbx);
      return;
    }
    await this.#connect('gw', 'internet', 'eth0', ADDRESSES.pbx);
    await forward(this.namespace('gw'));
    const guest = this.variant === 'gateway' ? ADDRESSES.guest : ADDRESSES.hiddenGuest;
    await this.#connect('pbx', 'gw', 'eth0', guest);
    if (this.variant === 'gateway') {
      await this.#ip(
        'internet',
        `route add ${guest.v4} via ${ADDRESSES.pbx.v4} dev to-gw onlink\n-6 route add ${guest.v6} via ${ADDRESSES.pbx.v6} dev to-gw`,
      );
    } else {
      await run(['nft', '-f', '-'], { namespace: this.namespace('gw'), input: destinationNat(guest) });
    }
  }

  async #addHost(host: HostName): Promise<void> {
    await run(['ip', 'netns', 'add', this.namespace(host)]);
    this.#made.push(host);
  }

  /** A host on a link of its own: `/32` and `/128` addresses, the router answers on the well-known link addresses. */
  async #connect(host: HostName, router: HostName, device: string, addresses: AddressPair): Promise<void> {
    await this.#addHost(host);
    const far = `to-${host}`;
    await this.#ip(router, `link add ${far} type veth peer name ${device} netns ${this.namespace(host)}`);
    await this.#ip(
      router,
      `link set ${far} up
       addr add ${routerV4(router)}/32 dev ${far}
       addr add ${ROUTER_V6}/64 dev ${far} nodad
       route add ${addresses.v4}/32 dev ${far}
       -6 route add ${addresses.v6}/128 dev ${far}`,
    );
    await this.#ip(
      host,
      `link set lo up
       link set ${device} up
       addr add ${addresses.v4}/32 dev ${device}
       addr add ${addresses.v6}/128 dev ${device} nodad
       route add ${routerV4(router)}/32 dev ${device}
       route add default via ${routerV4(router)} dev ${device} src ${addresses.v4}
       -6 route add default via ${ROUTER_V6} dev ${device} src ${addresses.v6}`,
    );
  }

  /** More source addresses for a host, reachable through the router that it hangs on. */
  async addAddresses(host: HostName, addresses: string[]): Promise<void> {
    const family = (address: string) => (address.includes(':') ? '-6 ' : '');
    const length = (address: string) => (address.includes(':') ? 128 : 32);
    await this.#ip(
      host,
      addresses
        .map((address) => `addr add ${address}/${length(address)} dev eth0${family(address) && ' nodad'}`)
        .join('\n'),
    );
    await this.#ip(
      'internet',
      addresses.map((address) => `${family(address)}route add ${address}/${length(address)} dev to-${host}`).join('\n'),
    );
  }

  async #ip(host: HostName, batch: string): Promise<void> {
    for (const group of splitFamilies(batch)) {
      await run(['ip', ...group.options, '-n', this.namespace(host), '-batch', '-'], { input: group.lines.join('\n') });
    }
  }
}

/** `ip -batch` takes no options inside a line: lines that start with `-6` go in a batch of their own. */
function splitFamilies(batch: string): { options: string[]; lines: string[] }[] {
  const lines = batch.split('\n').map((line) => line.trim());
  const v6 = lines.filter((line) => line.startsWith('-6 ')).map((line) => line.slice(3));
  const rest = lines.filter((line) => !line.startsWith('-6 '));
  return [
    { options: [], lines: rest },
    { options: ['-6'], lines: v6 },
  ].filter((group) => group.lines.length > 0);
}

async function forward(namespace: string): Promise<void> {
  await run(['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'], {
    namespace,
  });
}

function destinationNat(guest: AddressPair): string {
  return `table inet lab-nat {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "eth0" meta l4proto { udp, tcp } th dport 5060 dnat ip to ${guest.v4}
    iifname "eth0" meta l4proto { udp, tcp } th dport 5060 dnat ip6 to ${guest.v6}
  }
}`;
}

/** Removes a namespace with everything that still runs in it; returns those processes. */
export async function removeNamespace(name: string): Promise<string[]> {
  const leaks: string[] = [];
  const inside = await run(['ip', 'netns', 'pids', name], { mayFail: true });
  for (const pid of inside.stdout.split('\n').filter(Boolean)) {
    const command = await run(['ps', '-o', 'args=', '-p', pid], { mayFail: true });
    if (command.stdout.trim() === '') continue; // gone meanwhile
    leaks.push(`${name}: ${pid} ${command.stdout.trim()}`);
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // gone meanwhile
    }
  }
  await run(['ip', 'netns', 'del', name], { mayFail: true });
  return leaks;
}
