/** What must not grow with the years of a plant: until a vault is ready, and until the plugin is loaded. Alone: `node test/bench/vault.ts`. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openVault } from '../browser/harness/client.ts';
import { buildRelease, dropRelease } from '../browser/works.ts';
import { aDisk, type Disk } from '../kit/a-device.ts';
import { launchOrExplain } from '../kit/chromium.ts';
import { longAgo, visit, type LongAgo } from '../kit/long-ago.ts';
import { bestOf, grown, type Row } from './row.ts';

const ROUNDS = 7;
const WINDOW_DAYS = 30;

/** Every note is a file. */
function onDisk(folder: string): Disk {
  const disk = aDisk();
  const { create } = disk.vault;
  disk.vault.create = async (path, text) => {
    const file = join(folder, path);
    await create(path, text);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  return disk;
}

/** From a snapshot that has arrived to all notes of the window. */
async function ready(plant: LongAgo): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'operary-vault-'));
  const disk = onDisk(folder);
  const start = performance.now();
  const { close } = await visit(plant, WINDOW_DAYS, disk);
  const took = performance.now() - start;
  close();
  await rm(folder, { recursive: true });
  return took;
}

/** `onload`, in a vault with so many notes of tasks. */
async function loadedWith(browser: Browser, pluginDir: string, tasks: number): Promise<number> {
  const note = (n: number): [string, string] => [
    `Operary/Tasks/2026/11/T-${n} Check bearing.md`,
    `---\noperary_id: 01990000-0000-7000-8000-${String(n).padStart(12, '0')}\noperary_type: task\noperary_seq: ${n}\n---\n`,
  ];
  const baseFiles = Object.fromEntries(Array.from({ length: tasks }, (_, n) => note(n + 1)));
  const vault = await openVault(browser, { pluginDir, baseFiles, enable: false, name: `${tasks} tasks` });
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    await vault.page.evaluate(() => void (window.harness.app().workspace.layoutReady = false));
    const start = performance.now();
    await vault.enablePlugin();
    best = Math.min(best, performance.now() - start);
    await vault.disablePlugin();
  }
  await vault.close();
  return best;
}

export async function benchVault(): Promise<Row[]> {
  const rows = [
    grown(
      'all notes of 30 days, with 100 sealed shifts; with 3,000',
      ...(await bestOf(ROUNDS, await longAgo(100), await longAgo(3000), ready)),
    ),
  ];
  const launched = await launchOrExplain();
  if (launched.browser === null) {
    console.warn(launched.why);
    return rows;
  }
  const { browser } = launched;
  const release = await buildRelease();
  try {
    const [few, many] = [await loadedWith(browser, release, 100), await loadedWith(browser, release, 10_000)];
    return [...rows, grown('the plugin loaded, with 100 notes of tasks; with 10,000', few, many)];
  } finally {
    await browser.close();
    await dropRelease(release);
  }
}

if (import.meta.main) for (const row of await benchVault()) console.log(row);
