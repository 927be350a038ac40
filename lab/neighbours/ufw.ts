import { RTP_RANGE } from './traffic.ts';
import type { Neighbour } from './neighbour.ts';

const allow = (what: string): string[] => ['ufw', 'allow', what];

export const ufw: Neighbour = {
  name: 'ufw',
  title: 'Ubuntu’s firewall: everything closed but SIP, RTP, DNS and SSH',
  async start(stage, root) {
    for (const what of ['5060/udp', '5060/tcp', RTP_RANGE, '53/udp', '22/tcp']) await root.run(allow(what));
    await root.run(['ufw', '--force', 'enable']);
    stage.undo(() => root.run(['ufw', 'disable']));
  },
  async reload(_stage, root) {
    await root.run(['ufw', 'reload']);
  },
};
