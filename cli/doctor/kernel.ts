/**
 * What this kernel and this `nft` can do, found out by doing it: each feature is loaded as a small ruleset in a network namespace
 * of its own, which ends with the program. Nothing of the host's own tables is read or changed.
 */
import { runProgram } from './run-program.ts';
import type { DoctorContext, Finding } from './finding.ts';

/** The oldest `nft` that the project is tested with (Debian 12). */
const NFT_TESTED = [1, 0, 6];

interface Feature {
  check: string;
  name: string;
  /** Commands after `table inet ringfence_doctor` and a chain `c` on prerouting exist. */
  rules: string;
  /** Kernel options or modules to look for when it is missing. */
  needs: string;
}

const TABLE = 'ringfence_doctor';
const CHAIN = `add table inet ${TABLE}
add chain inet ${TABLE} c { type filter hook prerouting priority -310; policy accept; }
`;

const FEATURES: Feature[] = [
  {
    check: 'kernel-nftables',
    name: 'nf_tables with inet tables',
    rules: '',
    needs: 'nf_tables (CONFIG_NF_TABLES_INET)',
  },
  {
    check: 'kernel-sets',
    name: 'sets with timeouts and counters, refreshed by traffic',
    rules: `add set inet ${TABLE} b { type ipv4_addr; size 65535; flags dynamic,timeout; counter; }
add rule inet ${TABLE} c ip saddr @b update @b { ip saddr timeout 1h } counter drop`,
    needs: 'nf_tables sets (Linux 5.10 or newer)',
  },
  {
    check: 'kernel-intervals',
    name: 'address ranges and address-and-port sets',
    rules: `add set inet ${TABLE} r { type ipv6_addr; flags interval; }
add set inet ${TABLE} p { type ipv4_addr . inet_service; flags timeout; }
add rule inet ${TABLE} c ip6 saddr @r drop
add rule inet ${TABLE} c ip saddr . udp sport @p drop`,
    needs: 'nf_tables sets (Linux 5.10 or newer)',
  },
  {
    check: 'kernel-fib',
    name: 'fib (which addresses are this machine’s own)',
    rules: `add rule inet ${TABLE} c fib daddr type local counter`,
    needs: 'nft_fib_inet (CONFIG_NFT_FIB_INET)',
  },
  {
    check: 'kernel-payload',
    name: 'payload matches (INVITE by its first bytes)',
    rules: `add rule inet ${TABLE} c udp dport 5060 @th,64,48 0x494e56495445 counter`,
    needs: 'nf_tables payload expressions',
  },
  {
    check: 'kernel-limit',
    name: 'rate limits per source',
    rules: `add set inet ${TABLE} l { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 10m; }
add rule inet ${TABLE} c update @l { ip saddr limit rate over 5/second } drop`,
    needs: 'nft_limit (CONFIG_NFT_LIMIT)',
  },
  {
    check: 'kernel-nflog',
    name: 'NFLOG (how packets reach the detectors)',
    rules: `add rule inet ${TABLE} c log prefix "doctor" group 5060 snaplen 2048 queue-threshold 64`,
    needs: 'nfnetlink_log and nft_log (CONFIG_NETFILTER_NETLINK_LOG, CONFIG_NFT_LOG)',
  },
];

/** The namespace's view of the listeners that NFLOG can have; the file exists once nfnetlink_log is loaded. */
const NFLOG_FILE = '/proc/self/net/netfilter/nfnetlink_log';

export async function checkKernel(context: DoctorContext): Promise<Finding[]> {
  const version = await runProgram('nft', ['--version']);
  if (version.missing) {
    return [
      {
        area: 'software',
        check: 'nft',
        level: 'fail',
        text: 'nft is not installed; the kernel was not tried.',
        fix: 'apt-get install nftables',
      },
    ];
  }
  const findings = [describeNft(version.stdout)];
  // Without root, a user namespace may still allow a network namespace of one's own.
  const namespace = context.root ? ['--net'] : ['--net', '--user', '--map-root-user'];
  const entry = await runProgram('unshare', [...namespace, 'true']);
  if (entry.missing || entry.code !== 0) {
    findings.push({
      area: 'kernel',
      check: 'kernel-nftables',
      level: 'warn',
      text: 'The kernel features were not tried: this user may not make a network namespace.',
      fix: 'sudo ringfence doctor',
    });
    return findings;
  }
  for (const feature of FEATURES) findings.push(await tryFeature(feature, namespace));
  return findings;
}

async function tryFeature(feature: Feature, namespace: string[]): Promise<Finding> {
  const after = feature.check === 'kernel-nflog' ? `&& cat ${NFLOG_FILE}` : '';
  const script = `nft -f - ${after}`;
  const result = await runProgram('unshare', [...namespace, 'sh', '-c', script], `${CHAIN}${feature.rules}\n`);
  if (result.code === 0) {
    return { area: 'kernel', check: feature.check, level: 'ok', text: `The kernel has ${feature.name}.`, fix: null };
  }
  return {
    area: 'kernel',
    check: feature.check,
    level: 'fail',
    text: `The kernel does not do ${feature.name}: ${firstLine(result.stderr)}`,
    fix: `boot a kernel with ${feature.needs}; in a container, run Ringfence on the host or with CAP_NET_ADMIN`,
  };
}

function describeNft(output: string): Finding {
  const match = /v(\d+)\.(\d+)\.(\d+)/.exec(output);
  const found = match ? match.slice(1, 4).map(Number) : [0, 0, 0];
  const wanted = NFT_TESTED.join('.');
  const older = compare(found, NFT_TESTED) < 0;
  return {
    area: 'software',
    check: 'nft',
    level: older ? 'warn' : 'ok',
    text: older
      ? `nft is ${match ? found.join('.') : 'of an unknown version'}; Ringfence is tested with ${wanted} and newer.`
      : `nft ${found.join('.')} is installed.`,
    fix: older ? 'install nftables of Debian 12, Ubuntu 24.04 or newer' : null,
  };
}

function compare(a: number[], b: number[]): number {
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

function firstLine(text: string): string {
  return text.split('\n')[0].trim() || 'no reason given';
}
