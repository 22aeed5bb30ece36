/**
 * What every browser test file needs: one browser, vaults that are closed after each test, and a skip that says why
 * where no Chromium can run.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, test as vitestTest } from 'vitest';
import { launchOrExplain } from '../../kit/chromium.ts';
import { openVault, type OpenOptions, type VaultClient } from './client.ts';

export interface Suite {
  /** Skipped, with the reason, where there is no browser. */
  test(name: string, body: () => Promise<void>, timeoutMs?: number): void;
  /** Defaults of the suite, then these options; closed after the test. */
  open(options?: OpenOptions): Promise<VaultClient>;
  browser(): Browser;
}

/** `defaults` is asked once, before the first test. */
export function browserSuite(defaults: () => OpenOptions | Promise<OpenOptions>): Suite {
  let launched: Awaited<ReturnType<typeof launchOrExplain>>;
  let shared: OpenOptions;
  const opened: VaultClient[] = [];

  beforeAll(async () => {
    launched = await launchOrExplain();
    if (launched.browser === null) console.warn(launched.why);
    else shared = await defaults();
  }, 60_000);
  afterEach(async () => {
    // Those that borrow a context first, then those that own one.
    for (const vault of opened.splice(0).reverse()) await vault.close();
  });
  afterAll(async () => {
    await launched.browser?.close();
  });

  const browser = (): Browser => {
    if (launched.browser === null) throw new Error(launched.why);
    return launched.browser;
  };
  return {
    browser,
    test(name, body, timeoutMs = 20_000) {
      vitestTest(name, { timeout: timeoutMs }, async (ctx) => {
        if (launched.browser === null) ctx.skip(launched.why);
        await body();
      });
    },
    async open(options = {}) {
      const vault = await openVault(browser(), { saveDelayMs: 30, ...shared, ...options });
      opened.push(vault);
      return vault;
    },
  };
}
