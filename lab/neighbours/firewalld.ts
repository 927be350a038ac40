import { until } from '../process.ts';
import type { Neighbour } from './neighbour.ts';

const READY_MS = 20_000;

export const firewalld: Neighbour = {
  name: 'firewalld',
  title: 'Red Hat’s firewall, with its D-Bus daemon: the public zone with SIP, RTP, DNS and SSH',
  async start(stage, root) {
    const bus = root.start(['dbus-daemon', '--system', '--nofork', '--nopidfile', '--print-address']);
    stage.undo(() => bus.stop());
    await bus.says(/unix:path=/, READY_MS);
    const daemon = root.start(['firewalld', '--nofork', '--nopid']);
    stage.undo(() => daemon.stop());
    await until('firewalld runs', READY_MS, async () =>
      (await root.run(['firewall-cmd', '--state'], { mayFail: true })).code === 0 ? true : undefined,
    );
    const ports = ['5060/udp', '5060/tcp', '10000-20000/udp', '53/udp'].map((port) => `--add-port=${port}`);
    await root.run(['firewall-cmd', '--permanent', ...ports]);
    await root.run(['firewall-cmd', '--reload']);
  },
  async reload(_stage, root) {
    await root.run(['firewall-cmd', '--reload']);
  },
};
