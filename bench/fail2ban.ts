/**
 * fail2ban as an administrator would set it up for this PBX: Debian's package, a jail for failed authentications with the same
 * threshold and window, its own nftables action. In the PBX's namespace, with all its files in a directory of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program, run, until } from '../lab/process.ts';

const START_MS = 20_000;

export interface Fail2ban {
  program: Program;
  /** As its log says: how it learns of new lines. */
  backend: string;
}

export async function startFail2ban(namespace: string, directory: string, log: string): Promise<Fail2ban> {
  const configuration = join(directory, 'fail2ban');
  mkdirSync(join(configuration, 'filter.d'), { recursive: true });
  symlinkSync('/etc/fail2ban/action.d', join(configuration, 'action.d'));
  const own = (name: string) => join(directory, `fail2ban.${name}`);
  const write = (name: string, text: string) => writeFileSync(join(configuration, name), text);
  write(
    'fail2ban.conf',
    `[Definition]
loglevel = INFO
logtarget = ${own('log')}
syslogsocket = auto
socket = ${own('sock')}
pidfile = ${own('pid')}
dbfile = None
dbpurgeage = 1d
dbmaxmatches = 10
`,
  );
  write(
    'filter.d/kamailio-auth.conf',
    `[Definition]
failregex = authentication failed for \\S+ from <ADDR>\\s*$
datepattern = \\[{EPOCH}\\]
`,
  );
  write(
    'jail.conf',
    `[DEFAULT]
usedns = no
ignoreself = false

[kamailio]
enabled = true
backend = ${hasInotify() ? 'pyinotify' : 'polling'}
filter = kamailio-auth
logpath = ${log}
maxretry = 5
findtime = 60
bantime = 3600
action = nftables[type=allports, name=kamailio, protocol=udp]
`,
  );
  const command = ['fail2ban-server', '-f', '-c', configuration, '-s', own('sock'), '-p', own('pid')];
  const program = new Program('fail2ban', namespace, command);
  const words = () => {
    try {
      return readFileSync(own('log'), 'utf8');
    } catch {
      return '';
    }
  };
  try {
    await until('fail2ban is ready', START_MS, async () => {
      if (!program.running) throw new Error(`fail2ban ended: ${program.output}${words()}`);
      return /Jail 'kamailio' started/.test(words()) || undefined;
    });
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { program, backend: /uses (\w+)|backend.*?'(\w+)'/i.exec(words())?.slice(1).find(Boolean) ?? 'unknown' };
}

/** Ends it and takes its table away. */
export async function stopFail2ban({ program }: Fail2ban, namespace: string): Promise<void> {
  await program.stop();
  await run(['nft', 'delete', 'table', 'inet', 'f2b-table'], { namespace, mayFail: true });
}

/** Its quickest way to learn of new lines, which Debian installs with it unless told otherwise. */
function hasInotify(): boolean {
  return spawnSync('/usr/bin/python3', ['-c', 'import pyinotify']).status === 0;
}
