/** The command `ringfence`: parses the command line, runs one command, and turns every ending into an exit code of docs/cli.md. */
import { CommanderError } from 'commander';
import { buildProgram } from './program.ts';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { colourErr, complain, ignoreBrokenPipe } from './terminal.ts';
import { escapeLines } from './escape.ts';

ignoreBrokenPipe();
process.exitCode = await run(process.argv);

async function run(argv: string[]): Promise<number> {
  let exitCode = EXIT_OK;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    // Commander has printed its message; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    if (error instanceof CliError) {
      complain(`${colourErr.red('ringfence:')} ${error.message}`);
      if (error.hint) complain(`  ${error.hint.replaceAll('\n', '\n  ')}`);
      return error.exitCode;
    }
    complain(`${colourErr.red('ringfence:')} this should not happen; please report it:`);
    complain(escapeLines(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    return EXIT_FAILED;
  }
}
