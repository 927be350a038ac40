import { until } from '../process.ts';
import type { Neighbour } from './neighbour.ts';

const READY_MS = 20_000;
/** Banned by fail2ban, and by nobody else. */
export const BANNED = '203.0.113.250';

const JAIL = `[DEFAULT]
usedns = no
backend = polling
[sip]
enabled = true
filter = asterisk
logpath = /tmp/pbx.log
bantime = 3600
action = nftables[type=allports, name=sip, protocol=udp]
         iptables-allports[name=sip-old]
`;

export const fail2ban: Neighbour = {
  name: 'fail2ban',
  title: 'fail2ban with a SIP jail, banning by nftables and by iptables',
  async start(stage, root) {
    await root.write('/etc/fail2ban/jail.conf', JAIL);
    await root.write('/etc/fail2ban/jail.d/defaults-debian.conf', '');
    await root.write('/tmp/pbx.log', '');
    await root.run(['mkdir', '-p', '/run/fail2ban']);
    const server = root.start(['fail2ban-server', '-f', '--loglevel', 'INFO', '--logtarget', 'STDOUT', 'start']);
    stage.undo(() => server.stop());
    await until('fail2ban runs', READY_MS, async () =>
      (await root.run(['fail2ban-client', 'status', 'sip'], { mayFail: true })).code === 0 ? true : undefined,
    );
    await root.run(['fail2ban-client', 'set', 'sip', 'banip', BANNED]);
  },
  async reload(_stage, root) {
    await root.run(['fail2ban-client', 'reload']);
  },
};
