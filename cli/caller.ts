/** Who runs the command, as the daemon is told: a name for the audit log, and the address they sit at. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SESSION_HEADER, USER_HEADER } from '../src/serve/caller.ts';

/** Shells, sudo, su, tmux, scripts: nobody nests deeper. */
const ANCESTORS_MAX = 32;

export function callerHeaders(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const session = sshSession(env);
  return {
    [USER_HEADER]: encodeURIComponent(userName(env)),
    ...(session === null ? {} : { [SESSION_HEADER]: encodeURIComponent(session) }),
  };
}

function userName(env: NodeJS.ProcessEnv): string {
  const behind = env.SUDO_USER ?? env.DOAS_USER;
  if (behind) return behind;
  try {
    return userInfo().username;
  } catch {
    // The numeric user has no name (containers).
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

/** `address port` of sshd's SSH_CONNECTION (client address, client port, server address, server port). */
function sshSession(env: NodeJS.ProcessEnv): string | null {
  const own = env.SSH_CONNECTION ?? inheritedConnection();
  const match = /^(\S+) \d+ \S+ (\d+)$/.exec(own ?? '');
  // An IPv6 zone (fe80::1%eth0) is nothing that a list could hold.
  return match ? `${match[1].replace(/%.*$/, '')} ${match[2]}` : null;
}

/** sudo and su take SSH_CONNECTION out of the environment; the shell that called them still has it. */
function inheritedConnection(): string | undefined {
  try {
    for (let pid = process.ppid, i = 0; pid > 1 && i < ANCESTORS_MAX; i++) {
      const found = readFileSync(`/proc/${pid}/environ`, 'latin1')
        .split('\0')
        .find((entry) => entry.startsWith('SSH_CONNECTION='));
      if (found) return found.slice('SSH_CONNECTION='.length);
      // proc(5): the name in parentheses may hold anything, what follows is fixed: state, parent.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
  } catch {
    // Somebody else's process may not be read: then nothing is known.
  }
  return undefined;
}
