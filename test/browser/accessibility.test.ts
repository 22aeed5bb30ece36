/**
 * Every screen on the demo's day, at a desk, on a phone and on a narrow one, light and dark: what axe-core finds, what goes over the edge,
 * what a thumb cannot hit.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test as vitestTest } from 'vitest';
import { launchOrExplain } from '../kit/chromium.ts';
import type { VaultClient } from './harness/client.ts';
import { picture } from './harness/looking.ts';
import { tooSmall, tooWide, violations } from './screens/axe.ts';
import { read, run, SCREENS, sealedNote, shiftNote, taskNote, verifying, type Screen } from './screens/screens.ts';
import { openStage, type Stage } from './screens/stage.ts';

let browser: Browser | null;
let why = '';
let stage: Stage;
beforeAll(async () => {
  const launched = await launchOrExplain();
  browser = launched.browser;
  if (launched.browser === null) why = launched.why;
  else stage = await openStage(launched.browser);
}, 120_000);
afterAll(async () => {
  if (!browser) return;
  await stage.close();
  await browser.close();
});

const tom = (one: Stage) => one.phone('tom');
const jo = (one: Stage) => one.phone('jo');
const marek = (one: Stage) => one.phone('marek');
const after = (note: (vault: VaultClient) => Promise<string>, command: string) => async (vault: VaultClient) => {
  await read(note)(vault);
  await run(vault, command);
};

/** What has no picture of its own. */
const FURTHER: readonly Screen[] = [
  { name: 'phone-log', on: tom, go: after(shiftNote, 'shifts-log') },
  { name: 'phone-correct', on: tom, go: after(shiftNote, 'shifts-log-correction') },
  { name: 'phone-create', on: tom, go: (vault) => run(vault, 'tasks-create') },
  { name: 'phone-plan', on: tom, go: (vault) => run(vault, 'shifts-create') },
  { name: 'phone-hold', on: marek, go: after(taskNote, 'tasks-hold') },
  { name: 'phone-complete', on: marek, go: after(taskNote, 'tasks-complete') },
  { name: 'phone-sealed', on: tom, go: read(sealedNote) },
  { name: 'phone-verify', on: tom, go: verifying },
  { name: 'phone-settings', on: tom, go: (vault) => vault.settings.open() },
  { name: 'phone-sign', on: tom, go: after(shiftNote, 'shifts-sign') },
  { name: 'phone-shift-board', on: jo, go: (vault) => run(vault, 'open-board') },
];

async function looked(vault: VaultClient, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await vault.theme(theme);
    await picture(vault, `${name}-${theme}`);
    found.push(...(await violations(vault)).map((what) => `${theme}: ${what}`));
  }
  return found;
}

for (const { name, on, go } of [...SCREENS, ...FURTHER])
  vitestTest(`${name} can be used by everybody`, { timeout: 60_000 }, async (ctx) => {
    if (!browser) ctx.skip(why);
    const vault = await on(stage);
    const size = vault.page.viewportSize()!;
    const widths = size.width < 600 ? [size.width, 320] : [size.width];
    try {
      await go(vault);
      for (const width of widths) {
        await vault.page.setViewportSize({ ...size, width });
        await vault.dismissNotices();
        const found = await looked(vault, `${name}-${width}`);
        expect({ found, wide: await tooWide(vault), small: width < 600 ? await tooSmall(vault) : [] }).toEqual({
          ...{ found: [], wide: [], small: [] },
        });
      }
    } finally {
      await vault.page.setViewportSize(size);
      if (await vault.modal.isOpen()) await vault.press('Escape');
      await vault.settings.close();
    }
  });
