/** The real app on a computer, and its emulated mobile form: the oldest version that we support, and the latest. */
import { resolve } from 'node:path';
import { parseObsidianVersions } from 'wdio-obsidian-service';

const root = resolve(import.meta.dirname, '../..');
export const cacheDir = resolve(root, '.obsidian-cache');
const versions = await parseObsidianVersions(process.env['OBSIDIAN_VERSIONS'] ?? 'earliest/earliest latest/latest', {
  cacheDir,
});

export const shared = {
  runner: 'local',
  framework: 'mocha',
  specs: ['./*.e2e.ts'],
  reporters: ['obsidian'],
  mochaOpts: { ui: 'bdd', timeout: 120_000 },
  waitforInterval: 250,
  waitforTimeout: 10_000,
  logLevel: 'warn',
  cacheDir,
};

/** The plugin as it was built, in a fresh copy of a vault with one note of somebody's own. */
export const app = { plugins: [root], vault: resolve(import.meta.dirname, 'vault') };

export const config = {
  ...shared,
  maxInstances: 1,
  services: ['obsidian'],
  capabilities: versions.flatMap(([appVersion, installerVersion]) => {
    const options = { appVersion, installerVersion, ...app };
    return [
      { browserName: 'obsidian', 'wdio:obsidianOptions': options },
      {
        browserName: 'obsidian',
        'wdio:obsidianOptions': { ...options, emulateMobile: true },
        'goog:chromeOptions': { mobileEmulation: { deviceMetrics: { width: 390, height: 844 } } },
      },
    ];
  }),
};
