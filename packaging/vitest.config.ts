import { defineConfig } from 'vitest/config';

/** `npm run test:package`: a whole machine takes minutes, so it is no part of `npm test`. */
export default defineConfig({
  test: {
    reporters: ['./test/reporter.ts'],
    include: ['packaging/**/*.system.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
