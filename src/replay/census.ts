/** Servers and the distinct peers they dealt with: the electoral roll of protected-side.ts. Bounded in every direction. */
import { EndpointIndex, hashEndpoint } from './endpoint-index.ts';
import type { Packet } from '../core/decode/ip/packet.ts';

/** Servers in one capture; a scan of a whole /16 fills it. Later ones are not candidates. */
export const CANDIDATES_MAX = 1 << 16;
/** Distinct peers that count for one server's rank: beyond it every server is busy enough. */
export const PEERS_MAX = 4_096;
/** Server and peer pairs in all. */
export const EDGES_MAX = 1 << 18;

export class Census {
  readonly servers = new EndpointIndex(CANDIDATES_MAX);
  readonly registers = new Uint32Array(CANDIDATES_MAX);
  readonly messages = new Uint32Array(CANDIDATES_MAX);
  readonly peers = new Uint16Array(CANDIDATES_MAX);
  /** Something did not fit: the election may miss servers that came late. */
  full = false;

  #edges = 0;
  readonly #edgeServer = new Int32Array(EDGES_MAX);
  readonly #edgePeer: EndpointIndex;
  readonly #edgePeerRow = new Int32Array(EDGES_MAX);
  /** Edge + 1 by hash of server row and peer row. */
  readonly #slots = new Int32Array(EDGES_MAX * 2);

  constructor() {
    this.#edgePeer = new EndpointIndex(EDGES_MAX);
  }

  /** `p` travels to the server when `toServer`, else from it; `port` is the server's. */
  note(p: Packet, toServer: boolean, port: number, register: boolean): void {
    const server = toServer
      ? this.servers.row(p.dst0, p.dst1, p.dst2, p.dst3, port, true)
      : this.servers.row(p.src0, p.src1, p.src2, p.src3, port, true);
    if (server < 0) {
      this.full = true;
      return;
    }
    this.messages[server]++;
    if (register) this.registers[server]++;
    if (this.peers[server] >= PEERS_MAX) return;
    const peerPort = peerPortOf(p, toServer);
    const peer = toServer
      ? this.#edgePeer.row(p.src0, p.src1, p.src2, p.src3, peerPort, true)
      : this.#edgePeer.row(p.dst0, p.dst1, p.dst2, p.dst3, peerPort, true);
    if (peer < 0) this.full = true;
    else this.#connect(server, peer);
  }

  #connect(server: number, peer: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashEndpoint(server, peer, 0, 0, 0) & mask;
    for (;;) {
      const edge = this.#slots[slot] - 1;
      if (edge < 0) break;
      if (this.#edgeServer[edge] === server && this.#edgePeerRow[edge] === peer) return;
      slot = (slot + 1) & mask;
    }
    if (this.#edges === EDGES_MAX) {
      this.full = true;
      return;
    }
    this.#slots[slot] = this.#edges + 1;
    this.#edgeServer[this.#edges] = server;
    this.#edgePeerRow[this.#edges++] = peer;
    this.peers[server]++;
  }

  /**
   * Rows of the servers that are ours, the most asked first: by distinct peers, then REGISTERs, then messages. A server that dealt
   * only with servers elected before it is a client of theirs that happens to listen on a protected port: a phone, another PBX.
   */
  elect(): number[] {
    const { servers, peers, registers, messages } = this;
    const order = Array.from({ length: servers.size }, (_, row) => row).sort(
      (a, b) => peers[b] - peers[a] || registers[b] - registers[a] || messages[b] - messages[a] || a - b,
    );
    const edgesOf = new Map<number, number[]>();
    for (let edge = 0; edge < this.#edges; edge++) {
      const server = this.#edgeServer[edge];
      const list = edgesOf.get(server);
      if (list) list.push(this.#edgePeerRow[edge]);
      else edgesOf.set(server, [this.#edgePeerRow[edge]]);
    }
    const elected: number[] = [];
    const electedAddresses = new Set<string>();
    const electedEndpoints = new Set<string>();
    for (const row of order) {
      const own = addressKey(servers, row);
      const stranger = (edgesOf.get(row) ?? []).some((peer) => {
        const key = addressKey(this.#edgePeer, peer);
        // On one address (loopback) ports tell the peers apart: only an elected endpoint is one of ours.
        if (key === own)
          return !elected.some((e) => addressKey(servers, e) === own && servers.port[e] === this.#edgePeer.port[peer]);
        return !electedAddresses.has(key);
      });
      if (!stranger) continue;
      elected.push(row);
      electedAddresses.add(own);
      electedEndpoints.add(`${own}:${servers.port[row]}`);
    }
    return elected;
  }
}

/** Peers are addresses, whatever ports they use: 200 phones behind a NAT are one peer. On one address (loopback) the port counts. */
function peerPortOf(p: Packet, toServer: boolean): number {
  if (p.src3 !== p.dst3 || p.src2 !== p.dst2 || p.src1 !== p.dst1 || p.src0 !== p.dst0) return 0;
  return toServer ? p.srcPort : p.dstPort;
}

function addressKey(index: EndpointIndex, row: number): string {
  return `${index.w0[row]}.${index.w1[row]}.${index.w2[row]}.${index.w3[row]}`;
}
