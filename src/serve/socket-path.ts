/** Where the daemon listens, for the daemon and its client alike. */
import { closeSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const SOCKET_NAME = 'ringfence.sock';

/** sockaddr_un.sun_path holds 108 bytes with its closing NUL (unix(7)). */
const SUN_PATH_MAX = 107;

export function socketPath(dataDirectory: string): string {
  return join(dataDirectory, SOCKET_NAME);
}

/**
 * A path to the same socket that fits into a socket address: a long one goes by way of the directory's file descriptor, which
 * stays open until `release`. Errors: those of open(2) on the directory.
 */
export function withinLimit(path: string): { path: string; release: () => void } {
  if (Buffer.byteLength(path) <= SUN_PATH_MAX) return { path, release: () => {} };
  const directory = openSync(dirname(path), 'r');
  return { path: `/proc/self/fd/${directory}/${basename(path)}`, release: () => closeSync(directory) };
}
