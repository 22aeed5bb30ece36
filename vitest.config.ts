import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real servers, real browsers and real disks: generous, because the machine may be busy; no test asserts a time by this.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    setupFiles: ['./test/kit/seed.ts'],
    reporters: ['default', './test/kit/tally-reporter.ts'],
  },
});
