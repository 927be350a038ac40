/**
 * Brings the console of a namespace to the lab: what connects to the Unix socket (first argument) gets a connection to the port on the
 * loopback interface (second argument) of the namespace that this runs in.
 */
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [path, port] = process.argv.slice(2);
const server = createServer((near) => {
  const far = connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
  // An end that breaks off ends the other one: the console may be killed at any moment.
  pipeline(near, far, near, () => {});
});
server.listen(path, () => console.log('listening'));
