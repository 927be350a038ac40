/** A provisioning server: Debian's tftpd-hpa in the foreground, serving the configuration files of a few phones. */
import { rm, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './leftovers.ts';
import type { Network } from './network.ts';
import { Program, run, until } from './process.ts';

export const PHONE_FILES = ['SEP001122334455.cnf.xml', '0004f2aabbcc.cfg', 'spa112.cfg'];

export class TftpServer {
  readonly program: Program;
  readonly #directory: string;

  private constructor(program: Program, directory: string) {
    this.program = program;
    this.#directory = directory;
  }

  static async start(network: Network): Promise<TftpServer> {
    const directory = temporaryDirectory('tftp');
    await chmod(directory, 0o755);
    for (const name of PHONE_FILES)
      await writeFile(join(directory, name), `# ${name}\npassword = lab-only\n${'x'.repeat(1500)}\n`);
    const namespace = network.namespace('pbx');
    const program = new Program('tftpd', namespace, [
      'in.tftpd',
      '--foreground',
      '--listen',
      '--address',
      ':69',
      '--secure',
      directory,
    ]);
    try {
      await until('tftpd listens on UDP port 69', 5_000, async () => {
        if (!program.running) throw new Error(program.output);
        const { stdout } = await run(['ss', '-Hlnu', 'sport = :69'], { namespace });
        return stdout.trim() === '' ? undefined : true;
      });
    } catch (error) {
      await program.stop();
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
    return new TftpServer(program, directory);
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
