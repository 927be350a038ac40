/** One NETLINK_NETFILTER socket: datagrams to and from the kernel, never waiting. */
import { KernelError, type KernelErrorCode } from './kernel-error.ts';
import * as libc from './libc.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_NETFILTER = 12;
/** struct sockaddr_nl: family, padding, port id, groups. */
const SOCKADDR_NL_BYTES = 12;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;

export class NetlinkSocket {
  readonly fd: number;
  /** Our address on the netlink bus; the kernel chose it. */
  readonly portId: number;
  private open = true;

  constructor() {
    const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (fd < 0) throw kernelError('open a netlink socket', -fd);
    this.fd = fd;
    const address = new Uint8Array(SOCKADDR_NL_BYTES);
    new Uint16Array(address.buffer)[0] = AF_NETLINK;
    const bound = libc.bind(fd, address);
    if (bound < 0) {
      this.close();
      throw kernelError('bind a netlink socket', -bound);
    }
    // An error's answer repeats the request's header alone, not up to 64 kB of it.
    libc.setsockoptInt(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    libc.getsockname(fd, address);
    this.portId = new Uint32Array(address.buffer)[1];
  }

  /** Asks for `bytes` of receive buffer past the system's limit (needs CAP_NET_ADMIN); returns what the kernel granted, doubled as it counts. */
  receiveBuffer(bytes: number): number {
    const done = libc.setsockoptInt(this.fd, libc.SOL_SOCKET, libc.SO_RCVBUFFORCE, bytes);
    // Tolerance: in a user namespace the forced form is refused; the ordinary one is cut at net.core.rmem_max.
    if (done < 0) libc.setsockoptInt(this.fd, libc.SOL_SOCKET, libc.SO_RCVBUF, bytes);
    return libc.getsockoptInt(this.fd, libc.SOL_SOCKET, libc.SO_RCVBUF);
  }

  sendBuffer(bytes: number): void {
    const done = libc.setsockoptInt(this.fd, libc.SOL_SOCKET, libc.SO_SNDBUFFORCE, bytes);
    if (done < 0) throw kernelError('raise the send buffer', -done);
  }

  /** Sends `bytes[0, length)` as one datagram. */
  send(bytes: Uint8Array, length: number): void {
    const sent = libc.send(this.fd, bytes, length);
    if (sent < 0) throw kernelError('send to the kernel', -sent);
  }

  /** One datagram into the start of `bytes`: its length, or -EAGAIN (none), -ENOBUFS (some were lost: the kernel says so once). */
  receive(bytes: Uint8Array): number {
    for (;;) {
      const got = libc.recv(this.fd, bytes);
      if (got !== -libc.EINTR) return got;
    }
  }

  close(): void {
    if (this.open) libc.close(this.fd);
    this.open = false;
  }
}

/** The general reading of an errno from netlink; callers with more context choose their own code before this. */
export function kernelError(doing: string, errno: number, code?: KernelErrorCode): KernelError {
  return new KernelError(code ?? codeOf(errno), doing, errno, libc.errnoName(errno));
}

function codeOf(errno: number): KernelErrorCode {
  if (errno === libc.EPERM || errno === libc.EACCES) return 'netlink-no-permission';
  if (errno === libc.ENOMEM) return 'kernel-out-of-memory';
  return 'netlink-failed';
}
