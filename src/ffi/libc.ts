/**
 * The system calls that Node lacks, by FFI: the only unsafe code of the project. All calls are synchronous, cost about 0.2 µs
 * beyond the call itself, and may be made from any thread.
 *
 * Invariant: a length passed here never exceeds the buffer passed beside it; the functions below take it from the buffer itself.
 */
import koffi from 'koffi';

import { KernelError } from './kernel-error.ts';

/** ssize_t and size_t are `long`: Ringfence runs on 64-bit Linux alone. */
const libc = koffi.load('libc.so.6');

const cSocket = libc.func('int socket(int domain, int type, int protocol)');
const cBind = libc.func('int bind(int fd, const void *address, uint32_t length)');
const cConnect = libc.func('int connect(int fd, const void *address, uint32_t length)');
const cSend = libc.func('long send(int fd, const void *bytes, unsigned long length, int flags)');
const cRecv = libc.func('long recv(int fd, void *bytes, unsigned long length, int flags)');
const cPoll = libc.func('int poll(void *fds, unsigned long count, int timeoutMs)');
const cSetsockopt = libc.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)');
const cGetsockopt = libc.func('int getsockopt(int fd, int level, int name, void *value, void *length)');
const cGetsockname = libc.func('int getsockname(int fd, void *address, void *length)');
const cEventfd = libc.func('int eventfd(uint32_t initial, int flags)');
const cRead = libc.func('long read(int fd, void *bytes, unsigned long length)');
const cWrite = libc.func('long write(int fd, const void *bytes, unsigned long length)');
const cClose = libc.func('int close(int fd)');
const cMmap = libc.func(
  'void *mmap(void *address, unsigned long length, int protection, int flags, int fd, long offset)',
);
const cMunmap = libc.func('int munmap(void *address, unsigned long length)');
const cMadvise = libc.func('int madvise(void *address, unsigned long length, int advice)');
const cMallocTrim = libc.func('int malloc_trim(unsigned long keep)');
const cSchedSetscheduler = libc.func('int sched_setscheduler(int pid, int policy, const void *parameters)');

/** Values of Linux's own headers, equal on x86-64 and arm64. */
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SO_SNDBUFFORCE = 32;
export const SO_RCVBUFFORCE = 33;
export const POLLIN = 1;

const PROT_READ = 1;
const MAP_PRIVATE = 2;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const MADV_DONTNEED = 4;
const MSG_DONTWAIT = 0x40;
const SCHED_RR = 2;
/** What the thread starts is scheduled as everybody is. */
const SCHED_RESET_ON_FORK = 0x40000000;
const EFD_NONBLOCK = 0o4000;
const EFD_CLOEXEC = 0o2000000;

const errnoOf = koffi.os.errno as Record<string, number>;
export const { EPERM, ENOENT, EINTR, EAGAIN, ENOMEM, EACCES, EBUSY, EEXIST, EINVAL, ENFILE, ENOSPC, ENOBUFS } = errnoOf;
export const { EPROTONOSUPPORT, EAFNOSUPPORT, EOPNOTSUPP, EMSGSIZE } = errnoOf;

const nameOf = new Map(Object.entries(errnoOf).map(([name, value]) => [value, name]));
// Two names share these numbers; the usual one is shown.
for (const name of ['EAGAIN', 'EOPNOTSUPP', 'EDEADLK']) nameOf.set(errnoOf[name], name);

export function errnoName(errno: number): string {
  return nameOf.get(errno) ?? `errno ${errno}`;
}

/** Each call below returns -errno on failure, as the system call itself does in the kernel. */
export function socket(domain: number, type: number, protocol: number): number {
  const fd: number = cSocket(domain, type, protocol);
  return fd < 0 ? -koffi.errno() : fd;
}

export function bind(fd: number, address: Uint8Array): number {
  return cBind(fd, address, address.length) < 0 ? -koffi.errno() : 0;
}

export function connect(fd: number, address: Uint8Array): number {
  return cConnect(fd, address, address.length) < 0 ? -koffi.errno() : 0;
}

/** Bytes taken; `bytes[0, length)` goes as one datagram. */
export function send(fd: number, bytes: Uint8Array, length: number): number {
  const sent: number = cSend(fd, bytes, Math.min(length, bytes.length), 0);
  return sent < 0 ? -koffi.errno() : sent;
}

/** Bytes received into the start of `bytes`, without waiting; -EAGAIN when there are none. */
export function recv(fd: number, bytes: Uint8Array): number {
  const got: number = cRecv(fd, bytes, bytes.length, MSG_DONTWAIT);
  return got < 0 ? -koffi.errno() : got;
}

export function setsockoptInt(fd: number, level: number, name: number, value: number): number {
  return cSetsockopt(fd, level, name, new Int32Array([value]), 4) < 0 ? -koffi.errno() : 0;
}

export function getsockoptInt(fd: number, level: number, name: number): number {
  const value = new Int32Array(1);
  const length = new Uint32Array([4]);
  return cGetsockopt(fd, level, name, value, length) < 0 ? -koffi.errno() : value[0];
}

export function getsockname(fd: number, address: Uint8Array): number {
  const length = new Uint32Array([address.length]);
  return cGetsockname(fd, address, length) < 0 ? -koffi.errno() : length[0];
}

export function close(fd: number): void {
  cClose(fd);
}

/**
 * The calling thread alone runs before all threads that are not real-time ones (sched(7), SCHED_RR, the lowest priority); they keep the
 * 5 % of each processor that the kernel sets aside for them. -EPERM without CAP_SYS_NICE, or in a control group without real time.
 */
export function runBeforeOthers(): number {
  // struct sched_param { int sched_priority; }; pid 0 is the calling thread.
  const lowest = new Int32Array([1]);
  return cSchedSetscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, lowest) < 0 ? -koffi.errno() : 0;
}

/** Waits for any of a fixed list of descriptors. Built once; `wait` allocates nothing. */
export class Poll {
  private readonly fds: Uint8Array;
  private readonly view: DataView;
  private readonly count: number;

  /** At most 31 descriptors (the answer is a bit mask). */
  constructor(fds: readonly number[]) {
    this.count = fds.length;
    // struct pollfd { int fd; short events; short revents; }
    this.fds = new Uint8Array(fds.length * 8);
    this.view = new DataView(this.fds.buffer);
    fds.forEach((fd, i) => {
      this.view.setInt32(i * 8, fd, true);
      this.view.setInt16(i * 8 + 4, POLLIN, true);
    });
  }

  /**
   * Bit i of the answer: descriptor i is readable or has an error to read. 0: the time is over, or a signal came.
   * `timeoutMs`: -1 waits for ever. Blocks the calling thread: for worker threads.
   */
  wait(timeoutMs: number): number {
    const ready: number = cPoll(this.fds, this.count, timeoutMs);
    if (ready < 0) {
      const errno = koffi.errno();
      if (errno === EINTR) return 0;
      throw new KernelError('poll-failed', 'wait for packets', errno, errnoName(errno));
    }
    if (ready === 0) return 0;
    let mask = 0;
    for (let i = 0; i < this.count; i++) if (this.view.getInt16(i * 8 + 6, true) !== 0) mask |= 1 << i;
    return mask;
  }
}

/** A descriptor that any thread can make readable, to end another thread's `Poll.wait`. Share `fd` (a number) between threads. */
export class Wake {
  readonly fd: number;
  private readonly word = new Uint8Array(8);

  /** `fd`: of a Wake made in another thread of this process; that one closes it. */
  constructor(fd?: number) {
    if (fd !== undefined) {
      this.fd = fd;
      return;
    }
    const made: number = cEventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (made < 0) {
      const errno = koffi.errno();
      throw new KernelError('poll-failed', 'make an eventfd', errno, errnoName(errno));
    }
    this.fd = made;
  }

  ring(): void {
    this.word.fill(0);
    this.word[0] = 1;
    // EAGAIN (the counter is full) means that it rings already.
    cWrite(this.fd, this.word, 8);
  }

  /** True when it had been rung since the last call. */
  clear(): boolean {
    return cRead(this.fd, this.word, 8) === 8;
  }

  close(): void {
    cClose(this.fd);
  }
}

/** Memory that was freed goes back to the kernel, from between what is still used as well (malloc_trim(3)). */
export function trimAllocator(): void {
  cMallocTrim(0);
}

/** Read-only. */
export function map(fd: number, length: number): { address: unknown; bytes: ArrayBuffer } {
  const address: unknown = cMmap(null, length, PROT_READ, MAP_PRIVATE, fd, 0);
  if (koffi.address(address) === MAP_FAILED) throw new Error(`mmap failed: ${errnoName(koffi.errno())}`);
  return { address, bytes: koffi.view(address, length) };
}

export function unmap(address: unknown, length: number): void {
  cMunmap(address, length);
}

export function forgetPages(address: unknown, length: number): void {
  cMadvise(address, length, MADV_DONTNEED);
}
