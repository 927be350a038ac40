/** The lab's Kamailio, with the one line that fail2ban lives on: who failed to authenticate, written to a log. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kamailio } from '../lab/kamailio.ts';
import type { Network } from '../lab/network.ts';
import { Program } from '../lab/process.ts';

const START_MS = 10_000;
/** In the lab's configuration: a REGISTER whose credentials are wrong. */
const REFUSES = /if \(!pv_www_authenticate\([^{]*\{\n/;
/** $TS: seconds since the epoch · $si: source address. */
const LOG_LINE = '      xlog("L_ALERT", "[$TS] authentication failed for $fU from $si\\n");\n';

export async function startLoggingKamailio(
  network: Network,
  directory: string,
): Promise<{ pbx: Program; log: string }> {
  const configuration = await labConfiguration(network);
  if (!REFUSES.test(configuration)) throw new Error("the lab's Kamailio configuration has no place for the log line");
  const file = join(directory, 'kamailio.cfg');
  const log = join(directory, 'kamailio.log');
  await writeFile(
    file,
    configuration.replace(REFUSES, (found) => found + LOG_LINE),
  );
  const options = `-f "$1" -DD -E -m 32 -M 8 -Y "$2" -P "$2/pid"`;
  const command = ['sh', '-c', `exec kamailio ${options} 2>"$3"`, 'sh', file, directory, log];
  const pbx = new Program('kamailio', network.namespace('pbx'), command);
  try {
    await logSays(log, 'lab-pbx ready', pbx);
  } catch (error) {
    await pbx.stop();
    throw error;
  }
  return { pbx, log };
}

/** The lab writes it for a Kamailio that it starts, and removes it when that one stops. */
async function labConfiguration(network: Network): Promise<string> {
  const kamailio = await Kamailio.start(network);
  try {
    const { spawnargs } = kamailio.program.child;
    return await readFile(spawnargs[spawnargs.indexOf('-f') + 1], 'utf8');
  } finally {
    await kamailio.stop();
  }
}

async function logSays(log: string, text: string, program: Program): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const written = await readFile(log, 'utf8').catch(() => '');
    if (written.includes(text)) return;
    if (!program.running || Date.now() > deadline) throw new Error(`kamailio did not start: ${written.slice(-500)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
