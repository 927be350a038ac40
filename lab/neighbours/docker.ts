/** Docker's daemon, and a PBX in a container behind a published port. */
import { configuration } from '../kamailio.ts';
import { until } from '../process.ts';
import type { Neighbour } from './neighbour.ts';

const READY_MS = 30_000;
const SOCKET = ['-H', 'unix:///run/docker.sock'];
/** Of this machine, for programs that need nothing else. */
const PROGRAMS = ['/usr', '/lib', '/lib64', '/bin', '/sbin', '/etc'];
export const PUBLISHED = 5080;
/** The first container's address on Docker's default bridge. */
export const CONTAINER = '172.17.0.2';

export const docker: Neighbour = {
  name: 'docker',
  title: 'Docker: bridge, NAT and isolation, and a PBX in a container behind a published port',
  async start(stage, root) {
    const client = (...args: string[]) => root.run(['docker', ...SOCKET, ...args]);
    const state = ['--data-root', '/run/docker-data', '--exec-root', '/run/docker-run', '--pidfile', '/run/docker.pid'];
    const group = stage.network.prefix;
    const options = ['--storage-driver', 'vfs', '--cgroup-parent', group];
    const daemon = root.start(['dockerd', ...SOCKET, ...state, ...options]);
    stage.undo(async () => {
      await daemon.stop();
      await root.run(['sh', '-c', `rmdir /sys/fs/cgroup/${group} /sys/fs/cgroup/*/${group}`], { mayFail: true });
    });
    await until('Docker runs', READY_MS, async () =>
      (await root.run(['docker', ...SOCKET, 'info'], { mayFail: true })).code === 0 ? true : undefined,
    );
    await root.write('/srv/pbx/kamailio.cfg', configuration({}, ['udp:0.0.0.0:5060', 'tcp:0.0.0.0:5060']));
    // An image of empty folders; the programs are this machine's own.
    const image = 'mkdir -p /tmp/image/run /tmp/image/tmp && tar -C /tmp/image -c .';
    await root.run(['sh', '-c', `${image} | docker ${SOCKET.join(' ')} import - pbx:1`]);
    const folders = [...PROGRAMS, '/srv/pbx'].flatMap((path) => ['-v', `${path}:${path}:ro`]);
    const published = ['-p', `${PUBLISHED}:5060/udp`, '-p', `${PUBLISHED}:5060/tcp`];
    const pbx = ['kamailio', '-f', '/srv/pbx/kamailio.cfg', '-DD', '-E', '-m', '32', '-M', '8', '-Y', '/tmp'];
    await client('run', '-d', '--name', 'pbx', ...published, ...folders, 'pbx:1', ...pbx);
    stage.undo(() => client('rm', '-f', 'pbx'));
    await until('the PBX in the container runs', READY_MS, async () =>
      (await client('logs', 'pbx')).output.includes('lab-pbx ready') ? true : undefined,
    );
  },
  /** Docker has nothing to load again; a container that starts makes its rules anew. */
  async reload(_stage, root) {
    await root.run(['docker', ...SOCKET, 'restart', '-t', '1', 'pbx']);
  },
};
