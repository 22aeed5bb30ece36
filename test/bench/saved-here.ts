/**
 * From a command to "Saved here" on the screen, and `onload` of a device that holds what it knew: with 100 open tasks in the shift and
 * with 10,000.
 * Alone: `node test/bench/saved-here.ts`.
 */
import type { Browser } from 'playwright-core';
import { fill } from '../browser/filled.ts';
import { openVault, type VaultClient } from '../browser/harness/client.ts';
import { task } from '../browser/hands.ts';
import { buildRelease, dropRelease, openWorks, type Works } from '../browser/works.ts';
import { launchOrExplain } from '../kit/chromium.ts';
import { bestOf, grown, type Row } from './row.ts';

const [FEW, MANY] = [100, 10_000];
const ROUNDS = 9;
const LONG = 120_000;

interface Place {
  readonly works: Works;
  readonly vault: VaultClient;
  /** Tasks that Max has begun, by the path of their notes. */
  readonly begun: readonly string[];
}

/** Max's device, with every note written. */
async function placeWith(browser: Browser, pluginDir: string, tasks: number): Promise<Place> {
  const works = await openWorks();
  await fill(works, tasks, 1);
  const refs: string[] = [];
  for (let n = 0; n < ROUNDS; n++) refs.push((await works.begun(`Grease bearing ${n}`)).ref);
  const vault = await openVault(browser, works.device('max', { pluginDir, name: `Max, ${tasks}` }));
  const notes = async () => (await vault.files()).filter((path) => path.startsWith('Operary/Tasks/'));
  await vault.until(async () => (await notes()).length, { what: 'all notes', is: tasks + ROUNDS, timeout: LONG });
  await stored(vault);
  const all = await notes();
  return { works, vault, begun: refs.map((ref) => all.find((path) => path.startsWith(task(ref)))!) };
}

const stored = (vault: VaultClient): Promise<unknown> =>
  vault.until(() => vault.statusText(), { what: 'the status', is: 'Stored', timeout: LONG });

/** Runs the command, writes into its form, presses its button and looks at the status bar with every change of it. */
const timed = (vault: VaultClient, command: string, text: string): Promise<number> =>
  vault.page.evaluate(
    async ([id, words]) => {
      const status = document.querySelector('.operary-status')!;
      const isSaved = new Promise<number>((resolve) => {
        const look = new MutationObserver(() => {
          if (!/Saved here|waiting/.test(status.textContent ?? '')) return;
          look.disconnect();
          resolve(performance.now());
        });
        look.observe(status, { childList: true, subtree: true, characterData: true });
      });
      const start = performance.now();
      window.harness.run(id);
      const form = document.querySelector<HTMLElement>('.modal.operary-form')!;
      const field = form.querySelector('textarea')!;
      field.value = words;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      form.querySelector<HTMLElement>('button.mod-cta')!.click();
      return (await isSaved) - start;
    },
    [command, text] as const,
  );

async function settled(vault: VaultClient): Promise<void> {
  await vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close', timeout: LONG });
  await stored(vault);
}

async function logged({ vault }: Place, round: number): Promise<number> {
  const took = await timed(vault, 'operary:shifts-log', `Filler 2 at ${80 + round} %`);
  await settled(vault);
  return took;
}

async function completed({ vault, begun }: Place, round: number): Promise<number> {
  await vault.openNote(begun[round]!);
  const took = await timed(vault, 'operary:tasks-complete', 'Greased.');
  await settled(vault);
  return took;
}

/** With the notes and the stored state of an earlier life, before the layout is ready. */
async function loaded({ vault }: Place): Promise<number> {
  await vault.disablePlugin();
  await vault.page.evaluate(() => void (window.harness.app().workspace.layoutReady = false));
  const start = performance.now();
  await vault.enablePlugin();
  return performance.now() - start;
}

export async function benchSavedHere(): Promise<Row[]> {
  const launched = await launchOrExplain();
  if (launched.browser === null) {
    console.warn(launched.why);
    return [];
  }
  const { browser } = launched;
  const release = await buildRelease();
  const places = [await placeWith(browser, release, FEW), await placeWith(browser, release, MANY)] as const;
  try {
    return [
      grown(
        'an entry logged, to "Saved here", with 100 open tasks in its shift; with 10,000',
        ...(await bestOf(ROUNDS, ...places, logged)),
      ),
      grown(
        'a task completed, to "Saved here", with 100 open tasks in its shift; with 10,000',
        ...(await bestOf(ROUNDS, ...places, completed)),
      ),
      grown('the plugin loaded on a device that knows 100 tasks; 10,000', ...(await bestOf(ROUNDS, ...places, loaded))),
    ];
  } finally {
    for (const { vault, works } of places) {
      await vault.close();
      await works.close();
    }
    await browser.close();
    await dropRelease(release);
  }
}

if (import.meta.main) for (const row of await benchSavedHere()) console.log(row);
