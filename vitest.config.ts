import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/**
 * These measure how long the kernel, the guard or a whole attack takes, or count what passed meanwhile: one after the other, last of
 * all, on a machine that does nothing else. (Two attacks at a time on two busy cores: ten requests passed where five may.)
 */
const TIMED = {
  kernel: ['src/app/lists.kernel.test.ts', 'src/capture/nflog.kernel.test.ts'],
  lab: ['lab/attacks.lab.test.ts', 'lab/floods.lab.test.ts', 'lab/gateway.lab.test.ts'],
};

/** Hundreds of consoles, guards and commands are started: Node keeps what it compiled for the first one, and the next takes half the time. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/ringfence');

/**
 * Time-outs end what hangs, nothing else: a machine that is several times as slow as two cores with nothing else to do fails no test.
 * What asks again and again (`expect.poll`) is patient as well: a second, vitest's own choice, is soon over on a busy machine.
 */
const PATIENT = { expect: { poll: { timeout: 20_000 } }, hookTimeout: 300_000 };

/** Real kernel, real programs, nothing measured: mostly waiting, so four files at a time. Each has network namespaces of its own. */
const ROOT = { ...PATIENT, maxWorkers: 4, testTimeout: 300_000 };

/**
 * `unit` needs no root; `kernel` is nftables and NFLOG in network namespaces; `lab` has a real PBX and real attack tools, and
 * runs beside it; the parts of both that are timed run alone, last.
 */
export default defineConfig({
  test: {
    reporters: ['./test/reporter.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...PATIENT,
          name: 'unit',
          sequence: { groupOrder: 1 },
          include: ['{src,cli,spec,fuzz,bench,packaging,scripts,test,web/src}/**/*.test.ts'],
          exclude: ['**/*.kernel.test.ts', '**/*.lab.test.ts', '**/*.system.test.ts', 'node_modules/**'],
          // Three processes that run one file after the other, as some wait for programs: a fresh one for each file costs a third of the time
          // (imports, and code that is optimised anew). A file leaves nothing behind: no environment, no working directory, no fake clock.
          isolate: false,
          maxWorkers: 3,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...ROOT,
          name: 'kernel',
          sequence: { groupOrder: 2 },
          include: ['{src,cli,test}/**/*.kernel.test.ts'],
          exclude: TIMED.kernel,
        },
      },
      {
        test: {
          ...ROOT,
          name: 'lab',
          sequence: { groupOrder: 2 },
          include: ['lab/**/*.lab.test.ts'],
          exclude: TIMED.lab,
        },
      },
      {
        test: {
          ...ROOT,
          name: 'timed',
          sequence: { groupOrder: 3 },
          include: [...TIMED.kernel, ...TIMED.lab],
          fileParallelism: false,
        },
      },
      // Minutes, and 70 MB of Debian packages: `npm run test:system`, and continuous integration. The soak compares memory, so one after the other.
      ...(process.env.RINGFENCE_SYSTEM_TESTS
        ? [{ test: { ...ROOT, name: 'system', include: ['lab/**/*.system.test.ts'], fileParallelism: false } }]
        : []),
    ],
  },
});
