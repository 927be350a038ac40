import { defineConfig } from 'vitest/config';

/** `npm run test:package`: a whole machine takes minutes, so it is no part of `npm test`, but of continuous integration. */
export default defineConfig({
  test: {
    name: 'package',
    reporters: ['./test/reporter.ts'],
    include: ['packaging/**/*.system.test.ts'],
    fileParallelism: false,
    // Packing takes minutes of two cores, and more on a machine that does other things.
    testTimeout: 1_200_000,
    hookTimeout: 2_400_000,
  },
});
