import { defineConfig } from 'vitest/config';

/**
 * Three projects: `unit` (pure, parallel), `kernel` (real nftables and NFLOG in network namespaces) and `lab` (a real PBX
 * and real attack tools). The last two need root and share one kernel, so their files run one after the other,
 * and after all that computes: an attack is timed on a machine that does nothing else.
 */
export default defineConfig({
  test: {
    reporters: ['./test/reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          include: ['{src,cli,spec,fuzz,bench,scripts,test}/**/*.test.ts'],
          exclude: ['**/*.kernel.test.ts', '**/*.lab.test.ts', 'node_modules/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          sequence: { groupOrder: 2 },
          include: ['{src,cli,test}/**/*.kernel.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'lab',
          sequence: { groupOrder: 3 },
          include: ['lab/**/*.lab.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
