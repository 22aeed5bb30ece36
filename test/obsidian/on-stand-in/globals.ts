/** What the specs ask of WebdriverIO, answered by the stand-in: so that they are run every day, and not only where Obsidian is. */
import type { browser as wdio } from '@wdio/globals';
import type { Locator } from 'playwright-core';
import type { VaultClient } from '../../browser/harness/client.ts';
import { until } from '../../browser/harness/until.ts';

let vault: VaultClient | undefined;
export const useVault = (one: VaultClient): void => {
  vault = one;
};
const open = (): VaultClient => {
  if (!vault) throw new Error('No vault is open.');
  return vault;
};

export const browser: typeof wdio = {
  $(selector) {
    const found = (): Locator =>
      open()
        .page.locator(selector.startsWith('(') ? `xpath=${selector}` : selector)
        .first();
    return {
      click: () => found().click(),
      setValue: (value) => found().fill(value),
      getText: () => found().innerText(),
    };
  },
  keys: (keys) => open().press(keys),
  async waitUntil(look, { timeout = 10_000, timeoutMsg = 'something' } = {}) {
    let last = await look();
    await until(async () => Boolean((last = await look())), { what: timeoutMsg, is: true, timeout });
    return last;
  },
  executeObsidian: (work, ...given) =>
    open().page.evaluate(`(${work.toString()})({ app: window.harness.app() }, ...${JSON.stringify(given)})`),
  async executeObsidianCommand(id) {
    if (!(await open().run(id))) throw new Error(`The command ${id} is not offered here.`);
  },
  async reloadObsidian() {
    await open().reload();
    return '';
  },
};
