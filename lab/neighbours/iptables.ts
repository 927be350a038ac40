/** A script of the old kind, over both of iptables' ways into the kernel. */
import type { Neighbour } from './neighbour.ts';

/** Connections first, RTP without connection tracking, a NAT for a network behind, everything else closed. */
const RULES = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p udp -m udp --dport 10000:20000 -j CT --notrack
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p udp -m udp --sport 10000:20000 -j DSCP --set-dscp 0x2e
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.99.0.0/16 -o eth0 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -p udp -m multiport --dports 53,5060,10000:20000 -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22,5060 -j ACCEPT
COMMIT
`;

function iptables(kind: 'nft' | 'legacy'): Neighbour {
  const restore: Neighbour['start'] = async (_stage, root) => {
    await root.run([`iptables-${kind}-restore`], { input: RULES });
  };
  return {
    name: `iptables-${kind}`,
    title: `a script of iptables-${kind}: established connections first, RTP untracked, NAT`,
    start: restore,
    reload: restore,
  };
}

export const iptablesNft = iptables('nft');
export const iptablesLegacy = iptables('legacy');
