/** The day at Leeds Works, told to a real server while Tom's vault is open; and devices that look at it as the early shift has begun. */
import type { Browser } from 'playwright-core';
import { foundOrganisation } from '../../../server/host/founding.ts';
import { liveThroughTheDay } from '../../demo/day.ts';
import { openPlant, type Plant } from '../../demo/plant.ts';
import { aServer } from '../../kit/a-server.ts';
import { openVault, type VaultClient } from '../harness/client.ts';
import { noteOf, status } from '../harness/looking.ts';
import { buildRelease, dropRelease } from '../works.ts';

const BEGIN = Date.parse('2026-11-20T13:50:00Z');
const NOW = Date.parse('2026-11-21T07:25:00Z');

export interface Stage {
  readonly plant: Plant;
  /** Tom's, which was open all day. */
  readonly desktop: VaultClient;
  /** Always the same one for a person. */
  phone(who: 'tom' | 'marek' | 'jo'): Promise<VaultClient>;
  /** Not connected to anything. */
  empty(platform: 'desktop' | 'android'): Promise<VaultClient>;
  close(): Promise<void>;
}

export async function openStage(browser: Browser): Promise<Stage> {
  let told = BEGIN;
  const server = await aServer({ on: 'disk', clock: { now: () => (told += 1) } });
  const pluginDir = await buildRelease();
  const { token, root } = await foundOrganisation(server.installation, {
    ...{ slug: 'leeds', name: 'Leeds Works', zone: 'Europe/London' },
  });
  const plant = await openPlant(server.url, token);
  const vaults: VaultClient[] = [];
  const phones = new Map<string, Promise<VaultClient>>();

  async function open(platform: 'desktop' | 'android', who?: string): Promise<VaultClient> {
    const isPhone = platform !== 'desktop';
    const context = await browser.newContext({
      viewport: isPhone ? { width: 390, height: 780 } : { width: 1180, height: 740 },
      ...{ hasTouch: isPhone, isMobile: isPhone, deviceScaleFactor: isPhone ? 1.5 : 1 },
      ...{ timezoneId: 'Europe/London', locale: 'en-GB' },
    });
    // Timers go on; only what the clock says stands still, so that every run shows the same times.
    await context.clock.setFixedTime(who && platform === 'desktop' ? BEGIN : NOW);
    const connected = who && {
      data: { url: server.url, secret: 'operary-token', root },
      secrets: { 'operary-token': plant.tokens[who]! },
    };
    const vault = await openVault(browser, { pluginDir, platform, context, name: 'Leeds Works', ...connected });
    vaults.push(vault);
    if (connected && isPhone) await noteOf(vault, 'Operary/Shifts/');
    if (connected && !isPhone) await status(vault, 'Stored');
    return vault;
  }

  const desktop = await open('desktop', 'tom');
  const at = (time: string): void => {
    const night = `${time >= '12' ? '2026-11-20' : '2026-11-21'}T${time}:00Z`;
    told = Date.parse(/^\d\d:\d\d$/.test(time) ? night : time);
  };
  await liveThroughTheDay({ plant, at, settled: () => server.settled(), say: () => undefined });
  told = NOW;
  await desktop.context.clock.setFixedTime(NOW);
  await noteOf(desktop, 'Operary/Sealed/');
  await status(desktop, 'Stored');

  return {
    ...{ plant, desktop },
    phone(who) {
      const phone = phones.get(who) ?? open('android', who);
      phones.set(who, phone);
      return phone;
    },
    empty: (platform) => open(platform),
    async close() {
      for (const vault of vaults) {
        await vault.close();
        await vault.context.close();
      }
      await server.close();
      await dropRelease(pluginDir);
    },
  };
}
