/** The real Android app on a virtual device called `operary`, by Appium. There is no such way for iOS. */
import { parseObsidianVersions } from 'wdio-obsidian-service';
import { app, cacheDir, shared } from './wdio.conf.mts';

// The server listens on this machine only; see handThrough.
process.env['OPERARY_ANDROID'] = 'yes';
const versions = await parseObsidianVersions(process.env['OBSIDIAN_VERSIONS'] ?? 'latest/latest', { cacheDir });

export const config = {
  ...shared,
  maxInstances: 1,
  hostname: process.env['APPIUM_HOST'] ?? 'localhost',
  port: Number(process.env['APPIUM_PORT'] ?? 4723),
  services: ['obsidian', ['appium', { args: { allowInsecure: 'chromedriver_autodownload,adb_shell' } }]],
  capabilities: versions.map(([appVersion]) => ({
    browserName: 'obsidian',
    platformName: 'Android',
    'appium:automationName': 'UiAutomator2',
    'appium:avd': 'operary',
    'appium:enforceAppInstall': true,
    'appium:adbExecTimeout': 60_000,
    'wdio:obsidianOptions': { appVersion, ...app },
  })),
};
