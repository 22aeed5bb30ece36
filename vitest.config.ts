import { defineConfig } from 'vitest/config';

const standIn = (name: string): string => new URL(`test/obsidian/on-stand-in/${name}.ts`, import.meta.url).pathname;

export default defineConfig({
  // The specs for the real app run on the stand-in too.
  resolve: { alias: { '@wdio/globals': standIn('globals'), mocha: standIn('mocha') } },
  test: {
    include: ['test/**/*.test.ts'],
    // Real servers, real browsers and real disks: generous, because the machine may be busy; no test asserts a time by this.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Much of the time is spent waiting for servers and pages.
    maxWorkers: 2,
    // Pages miss moments on a machine whose cores are taken. Whoever needed the second try is named in the last lines of the run.
    retry: 1,
    setupFiles: ['./test/kit/seed.ts'],
    reporters: ['default', './test/kit/tally-reporter.ts'],
  },
});
