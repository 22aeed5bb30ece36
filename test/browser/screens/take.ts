/**
 * `npm run pictures [folder [screen …]]`: every screen on the demo's data, light and dark in one PNG each, by default into
 * `docs/pictures/`. A screen that cannot be reached is told by name; the others are taken all the same.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { launchOrExplain } from '../../kit/chromium.ts';
import type { VaultClient } from '../harness/client.ts';
import { joined, readPng, writePng, type Picture } from './png.ts';
import { SCREENS, type Screen } from './screens.ts';
import { openStage, type Stage } from './stage.ts';

const LARGEST = 150_000;

/** Once nothing moves any more: the same picture twice. */
async function still(vault: VaultClient): Promise<Buffer> {
  const look = () => vault.page.screenshot({ animations: 'disabled', caret: 'hide' });
  let last = await look();
  for (let tries = 0; tries < 20; tries++) {
    await pause(250);
    const next = await look();
    if (next.equals(last)) return next;
    last = next;
  }
  return last;
}

async function lit(vault: VaultClient, theme: 'light' | 'dark'): Promise<Picture> {
  await vault.theme(theme);
  await vault.dismissNotices();
  return readPng(await still(vault));
}

async function taken(vault: VaultClient, { go }: Screen): Promise<Buffer> {
  await go(vault);
  await still(vault);
  const both = [await lit(vault, 'light'), await lit(vault, 'dark')];
  const isUpright = both[0]!.height > both[0]!.width;
  return writePng(joined(both, isUpright ? 'across' : 'down'));
}

/** Whatever stands open in front of the notes. */
async function leave(vault: VaultClient): Promise<void> {
  if (await vault.modal.isOpen()) await vault.press('Escape');
  await vault.settings.close();
}

/** What went wrong, if anything did. */
async function take(screen: Screen, stage: Stage, folder: string): Promise<string | undefined> {
  const vault = await screen.on(stage);
  try {
    const png = await taken(vault, screen);
    await writeFile(join(folder, `${screen.name}.png`), png);
    console.log(`${screen.name}: ${(png.length / 1000).toFixed(0)} KB`);
    return png.length > LARGEST ? `it has ${png.length} bytes, more than ${LARGEST}` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await leave(vault);
  }
}

async function main(folder: string, only: readonly string[]): Promise<number> {
  const launched = await launchOrExplain();
  if (launched.browser === null) {
    console.error(launched.why);
    return 1;
  }
  await mkdir(folder, { recursive: true });
  const stage = await openStage(launched.browser);
  let failed = 0;
  for (const screen of SCREENS.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const trouble = await take(screen, stage, folder);
    if (trouble === undefined) continue;
    failed += 1;
    console.error(`${screen.name}: ${trouble}`);
  }
  await stage.close();
  await launched.browser.close();
  return failed === 0 ? 0 : 1;
}

const [folder = 'docs/pictures', ...only] = process.argv.slice(2);
process.exitCode = await main(resolve(folder), only);
