/** A program of the administrator's own: it gets the notice as JSON on its standard input, and its exit code says what became of it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandPolicy } from '../../policy/compile-notify.ts';
import { failureText, outcome } from '../answer.ts';
import type { Channel, ChannelOptions, Delivered, Delivery } from '../channel.ts';
import { jsonBody } from '../json-body.ts';
import { runProgram } from '../run-program.ts';

const TIMEOUT_MS = 30_000;
/** sysexits.h: a temporary failure, try again later. */
const EX_TEMPFAIL = 75;
const WRITABLE_BY_OTHERS = 0o022;

export function commandChannel(policy: CommandPolicy, options: ChannelOptions, timeoutMs = TIMEOUT_MS): Channel {
  return {
    name: policy.name,
    kind: 'command',
    deliver: (delivery) => deliver(policy, options, timeoutMs, delivery),
    close: async () => {},
  };
}

async function deliver(
  { program }: CommandPolicy,
  { commandDirectory, hostName }: ChannelOptions,
  timeoutMs: number,
  delivery: Delivery,
): Promise<Delivered> {
  const path = join(commandDirectory, program);
  const problem = await problemOf(path);
  // Somebody will put it right; the notice waits for that.
  if (problem !== null) return outcome('retry', problem);
  const environment = { RINGFENCE_NOTICE: delivery.notice.kind, RINGFENCE_MESSAGE_ID: delivery.messageId };
  const ran = await runProgram(path, [], jsonBody(delivery, hostName), { timeoutMs, environment });
  if (ran.failure !== null) return outcome('retry', `${ran.failure}. ${ran.output}`);
  const said = `exit code ${ran.code ?? 'none: a signal ended it'}. ${ran.output}`;
  if (ran.code === 0) return outcome('delivered', said);
  return outcome(ran.code === EX_TEMPFAIL || ran.code === null ? 'retry' : 'refused', said);
}

/** Evasion: a program that others may write is theirs; whoever got in as some other service could run what they like as the console. */
async function problemOf(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o170000) !== 0o100000) return `${path} is no ordinary file`;
    return (mode & WRITABLE_BY_OTHERS) === 0 ? null : `${path} may be written by others: chmod go-w ${path}`;
  } catch (error) {
    return failureText(error as Error);
  }
}
