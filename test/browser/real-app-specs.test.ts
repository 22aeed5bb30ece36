/** The specs for the real app (`test/obsidian/`), run on the stand-in: they cannot rot while no Obsidian is at hand. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import { launchOrExplain } from '../kit/chromium.ts';
import { useVault } from '../obsidian/on-stand-in/globals.ts';
import { openVault, type VaultClient } from './harness/client.ts';
import { buildRelease, dropRelease } from './works.ts';

const launched = await launchOrExplain();
if (launched.browser === null) console.warn(launched.why);
let release = '';
beforeAll(async () => {
  release = await buildRelease();
});
afterAll(async () => {
  await launched.browser?.close();
  await dropRelease(release);
});

const folder = new URL('../obsidian/', import.meta.url);
for (const name of readdirSync(folder).filter((file) => file.endsWith('.e2e.ts'))) {
  describe.skipIf(launched.browser === null)(name, async () => {
    let vault: VaultClient;
    beforeAll(async () => {
      vault = await openVault(launched.browser!, {
        ...{ pluginDir: release, baseFiles: { 'Recipes.md': '# Recipes\n' }, saveDelayMs: 30 },
      });
      useVault(vault);
    });
    afterAll(() => vault.close());
    await import(new URL(name, folder).pathname);
  });
}
