/** The two ways to a console: forked by the guard (`ringfence run`), or started apart, as a user without rights (the systemd units). */
import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { MessageStream } from '../channel/message-stream.ts';
import type { ToConsole, ToGuard } from '../channel/protocol.ts';

/**
 * V8's young generation, of which there are three. While a million rows are imported the console takes 290 MB instead of 380, and nobody
 * waits longer than 0.2 s for its garbage, instead of 0.8 (2 busy cores).
 */
const YOUNG_MB = 4;
/** Between two looks for a console that is not there yet. */
const LOOK_MS = 200;

export interface ConsoleEnds {
  message: (message: ToGuard) => void;
  /** Once. What it had not acknowledged is the next one's. */
  ended: (how: string) => void;
}

export interface ConsoleProcess {
  /** False: nobody has to be waited for. */
  readonly there: boolean;
  /** A console that dies in this moment is noticed by its end. */
  send(message: ToConsole): void;
  /** At once. */
  kill(): void;
}

/** `args`: what the console is to know from its start. */
export type StartConsole = (args: readonly string[], ends: ConsoleEnds) => ConsoleProcess;

/** The first message on a socket; a forked console has it on its command line. */
export interface Begin {
  kind: 'begin';
  args: readonly string[];
}

export function forkedConsole(dataDirectory: string): StartConsole {
  return (args, { message, ended }) => {
    const program = fileURLToPath(new URL('./console.ts', import.meta.url));
    const child = fork(program, [dataDirectory, ...args], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${YOUNG_MB}`],
    });
    child.on('message', (received) => message(received as ToGuard));
    child.on('error', () => {});
    child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    return { there: true, send: (order) => void child.send(order, () => {}), kill: () => void child.kill('SIGKILL') };
  };
}

/**
 * Invariant: the guard listens on nothing. It looks for the console's socket until it finds it; who may make and open that file is a matter of
 * the directory that it lies in.
 */
export function separateConsole(path: string): StartConsole {
  return (args, { message, ended }) => {
    let stream: MessageStream<ToConsole | Begin, ToGuard> | null = null;
    let timer: NodeJS.Timeout | null = null;
    const look = () => {
      const socket = connect(path);
      const again = () => (timer = setTimeout(look, LOOK_MS));
      socket.once('error', again);
      socket.once('connect', () => {
        socket.off('error', again);
        stream = new MessageStream(socket, { message, closed: ended });
        stream.send({ kind: 'begin', args });
      });
    };
    look();
    return {
      get there() {
        return stream !== null;
      },
      send: (order) => stream?.send(order),
      kill: () => {
        if (timer) clearTimeout(timer);
        if (stream) stream.close();
        else ended('it was not there');
      },
    };
  };
}
