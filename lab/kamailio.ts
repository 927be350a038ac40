/**
 * A real PBX: Debian's Kamailio in the foreground, with digest authentication, a registrar and calls between registered phones.
 * The whole configuration is generated here, users included, so no database is involved.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './leftovers.ts';
import { ADDRESSES, type Network } from './network.ts';
import { Program } from './process.ts';

export interface PbxOptions {
  /** Digest users, name → password. */
  users?: Record<string, string>;
  /** How a REGISTER or INVITE from or to a user that does not exist is met: challenged like any other (401), or refused (404). */
  unknownUsers?: 'challenge' | 'refuse';
  /** Seconds that a nonce may be used; after that a phone's next request is answered with `stale=true` (RFC 7616 §3.3). */
  nonceSeconds?: number;
  /**
   * Marks the challenge after an expired nonce with `stale=true`. Many Kamailio configurations do not: they call `www_challenge` with
   * flags 1, and then an expired nonce looks like a wrong password, once, until the phone comes back with the new nonce.
   */
  marksStale?: boolean;
  /** Gives no answer at all: for rule 2 of what counts as an attack (answers cannot be seen). */
  silent?: boolean;
}

export const USERS: Record<string, string> = {
  '1000': 'thousand-lab',
  '1001': 'thousand-one-lab',
  '1002': 'thousand-two-lab',
};

export class Kamailio {
  readonly program: Program;
  readonly #directory: string;

  private constructor(program: Program, directory: string) {
    this.program = program;
    this.#directory = directory;
  }

  static async start(network: Network, options: PbxOptions = {}): Promise<Kamailio> {
    const directory = temporaryDirectory('kamailio');
    const file = join(directory, 'kamailio.cfg');
    const { v4, v6 } = network.variant === 'dnat' ? ADDRESSES.hiddenGuest : network.target;
    const sockets = [`${v4}:5060`, `[${v6}]:5060`].flatMap((socket) => [`udp:${socket}`, `tcp:${socket}`]);
    await writeFile(file, configuration(options, sockets));
    // -DD -E: foreground, log to stderr · -m/-M: MB of shared and private memory · -Y: runtime directory
    const command = [
      'kamailio',
      '-f',
      file,
      '-DD',
      '-E',
      '-m',
      '32',
      '-M',
      '8',
      '-Y',
      directory,
      '-P',
      join(directory, 'pid'),
    ];
    const program = new Program('kamailio', network.namespace('pbx'), command);
    try {
      // The last thing that a starting Kamailio does before it serves is to fork its workers; the TCP main process comes last.
      await program.says(/lab-pbx ready/, 10_000);
    } catch (error) {
      await program.stop();
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
    return new Kamailio(program, directory);
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

const DEFAULTS: Required<PbxOptions> = {
  unknownUsers: 'challenge',
  nonceSeconds: 300,
  marksStale: true,
  silent: false,
  users: USERS,
};

/** Kamailio's configuration file; `sockets` as Kamailio's `listen` takes them. */
export function configuration(given: PbxOptions, sockets: readonly string[]): string {
  const options = { ...DEFAULTS, ...given };
  const users = Object.entries(options.users).map(([user, password]) => `  $sht(users=>${user}) = "${password}";`);
  return `#!KAMAILIO
debug=0
log_stderror=yes
children=2
tcp_children=2
tcp_connection_lifetime=120
auto_aliases=no
${sockets.map((socket) => `listen=${socket}`).join('\n')}

mpath="/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/kamailio/modules/"
loadmodule "kex.so"
loadmodule "corex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "htable.so"
loadmodule "auth.so"
loadmodule "nathelper.so"

modparam("htable", "htable", "users=>size=10;")
modparam("auth", "nonce_expire", ${options.nonceSeconds})
modparam("auth", "nonce_auth_max_drift", 1)
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_contacts", 5)
modparam("registrar", "received_avp", "$avp(received)")
modparam("nathelper", "received_avp", "$avp(received)")

event_route[htable:mod-init] {
${users.join('\n')}
}

event_route[core:worker-one-init] {
  xlog("L_ALERT", "lab-pbx ready\\n");
}

request_route {
${options.silent ? '  exit;' : ''}
  if (!mf_process_maxfwd_header("10")) {
    sl_send_reply("483", "Too Many Hops");
    exit;
  }
  force_rport();

  if (has_totag()) {
    if (loose_route()) {
      t_relay();
      exit;
    }
    if (is_method("ACK")) {
      if (t_check_trans()) t_relay();
      exit;
    }
    sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  t_check_trans();

  if (is_method("OPTIONS")) {
    if ($rU != $null && $sht(users=>$rU) == $null) {
      sl_send_reply("404", "Not Found");
      exit;
    }
    sl_send_reply("200", "OK");
    exit;
  }

  if (is_method("REGISTER")) {
${options.unknownUsers === 'refuse' ? refuseUnknown('$tU') : ''}
    if ($au == $null || $sht(users=>$au) == $null) {
      www_challenge("lab", "1");
      exit;
    }
    if (!pv_www_authenticate("lab", "$sht(users=>$au)", "0")) {
${options.marksStale ? challengeStale('www') : ''}
      www_challenge("lab", "1");
      exit;
    }
    if ($au != $tU) {
      sl_send_reply("403", "Forbidden");
      exit;
    }
    consume_credentials();
    fix_nated_register();
    if (!save("location")) sl_reply_error();
    exit;
  }

  if (is_method("INVITE|SUBSCRIBE|MESSAGE")) {
${options.unknownUsers === 'refuse' ? refuseUnknown('$rU') : ''}
    if ($au == $null || $sht(users=>$au) == $null) {
      proxy_challenge("lab", "1");
      exit;
    }
    if (!pv_proxy_authenticate("lab", "$sht(users=>$au)", "0")) {
${options.marksStale ? challengeStale('proxy') : ''}
      proxy_challenge("lab", "1");
      exit;
    }
    consume_credentials();
    if (is_method("SUBSCRIBE|MESSAGE")) {
      sl_send_reply("202", "Accepted");
      exit;
    }
    record_route();
    if (!lookup("location")) {
      sl_send_reply("404", "Not Found");
      exit;
    }
    t_relay();
    exit;
  }

  sl_send_reply("405", "Method Not Allowed");
}
`;
}

/** -4 is the auth module's "nonce expired", 17 = qop=auth (1) and stale=true (16); see the documentation of `www_challenge`. */
function challengeStale(kind: 'www' | 'proxy'): string {
  return `      if ($rc == -4) {
        ${kind}_challenge("lab", "17");
        exit;
      }`;
}

function refuseUnknown(user: string): string {
  return `    if ($sht(users=>${user}) == $null) {
      sl_send_reply("404", "Not Found");
      exit;
    }`;
}
