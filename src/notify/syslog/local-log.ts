/**
 * This machine's own log. /dev/log is a datagram socket of the Unix kind, which Node cannot speak to; `logger` (bsdutils, on every Debian) can.
 */
import { runProgram, type Ran } from '../run-program.ts';
import type { SyslogMessage } from './message.ts';
import { plainLine } from './message.ts';

const LOGGER = '/usr/bin/logger';

export function logLocally(message: SyslogMessage, socket: string, timeoutMs: number): Promise<Ran> {
  const priority = `${message.facility}.${message.severity}`;
  const options = ['--socket', socket, '--socket-errors=on', '--tag', 'ringfence', '--priority', priority];
  // From the standard input, so that no text is ever an option.
  return runProgram(LOGGER, options, plainLine(message), { timeoutMs });
}
