/**
 * What systemd is told (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names. Does nothing where nobody wants to know, and never fails: a
 * service manager that does not listen is no reason to stop protecting.
 */
import * as libc from './libc.ts';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
/** sockaddr_un: family, then the path. */
const PATH_OFFSET = 2;
const PATH_BYTES_MAX = 107;

export class ServiceManager {
  private readonly fd: number;

  constructor(path: string | undefined = process.env.NOTIFY_SOCKET) {
    this.fd = path === undefined ? -1 : open(path);
  }

  /** It does what it is for; what was to start after it may start. */
  ready(): void {
    this.tell('READY=1');
  }

  /** For WatchdogSec: silence means that it is to be started again. */
  alive(): void {
    this.tell('WATCHDOG=1');
  }

  /** Silence may last so long from now on; null: as long as the unit's WatchdogSec says. */
  patience(ms: number | null): void {
    const usual = process.env.WATCHDOG_USEC;
    if (usual !== undefined) this.tell(`WATCHDOG_USEC=${ms === null ? usual : ms * 1000}`);
  }

  stopping(): void {
    this.tell('STOPPING=1');
  }

  private tell(state: string): void {
    if (this.fd < 0) return;
    const bytes = Buffer.from(state);
    libc.send(this.fd, bytes, bytes.length);
  }
}

/** -1: it cannot be reached. */
function open(path: string): number {
  const name = Buffer.from(path);
  if (name.length === 0 || name.length > PATH_BYTES_MAX) return -1;
  // `@`: a name in the abstract name space (unix(7)), which begins with a NUL.
  if (path.startsWith('@')) name[0] = 0;
  const address = new Uint8Array(PATH_OFFSET + name.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, PATH_OFFSET);
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (libc.connect(fd, address) === 0) return fd;
  libc.close(fd);
  return -1;
}
