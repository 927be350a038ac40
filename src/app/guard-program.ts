/** The guard as a program: from its start to its exit code, and which signals end it. */
import { webOrders } from '../serve/web/settings.ts';
import { complain, say } from './daemon-output.ts';
import { Guard, type GuardOptions } from './guard.ts';

/** SIGHUP: the terminal was closed. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** An upgrade: it ends, and whoever blocks stays blocked until the next one is there. */
const HAND_OVER_SIGNAL = 'SIGUSR2';
const EXIT_FAILED = 1;
const EXIT_NO_PERMISSION = 77;

/** Runs until it is told to stop; the answer is the exit code. */
export async function runGuard(options: GuardOptions): Promise<number> {
  // Heard until the end: npm passes a Ctrl-C on a second time, and impatience must not leave half a stop behind.
  const told = new Promise<'stopped' | 'handed-over'>((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve('stopped'));
    process.on(HAND_OVER_SIGNAL, () => resolve('handed-over'));
  });
  const guard = new Guard(options, await webOrders(options.settings ?? options.data, options.web ?? {}));
  try {
    await guard.start();
    await Promise.race([told, guard.refused.promise]);
  } catch (error) {
    const { code = 'guard-failed', message, hint } = error as Error & { code?: string; hint?: string | null };
    complain(`ringfence: ${message}${hint && !message.includes(hint) ? `\n  ${hint}` : ''} [${code}]`);
    await guard.stop('failed');
    return code.endsWith('-no-permission') ? EXIT_NO_PERMISSION : EXIT_FAILED;
  }
  const end = await told;
  say(
    end === 'stopped'
      ? 'Stopping: the rules leave the kernel, blocks are remembered for the next start.'
      : 'Stopping for the next guard: rules and blocks stay in the kernel.',
  );
  await guard.stop(end);
  return 0;
}
