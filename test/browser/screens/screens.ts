/** Every screen of the plugin, and how a person gets to it from the vault as it stands. */
import type { VaultClient } from '../harness/client.ts';
import { noteOf, status } from '../harness/looking.ts';
import type { Stage } from './stage.ts';

export interface Screen {
  readonly name: string;
  /** The vault that shows it. */
  readonly on: (stage: Stage) => Promise<VaultClient>;
  readonly go: (vault: VaultClient) => Promise<unknown>;
}

const PATIENCE = 15_000;
const seen = (vault: VaultClient, selector: string): Promise<void> =>
  vault.page.locator(selector).first().waitFor({ state: 'visible', timeout: PATIENCE });

export const shiftNote = (vault: VaultClient): Promise<string> => noteOf(vault, 'Operary/Shifts/', 'Early.md');
export const sealedNote = (vault: VaultClient): Promise<string> =>
  noteOf(vault, 'Operary/Sealed/', 'Night (sealed).md');
export const taskNote = (vault: VaultClient): Promise<string> =>
  noteOf(vault, 'Operary/Tasks/', 'Replace drive-end bearing of filler 2.md');

/** Scrolled past the properties, to what the note says. */
export const read = (note: (vault: VaultClient) => Promise<string>) => async (vault: VaultClient) => {
  await vault.openNote(await note(vault), 'preview');
  const first = vault.page.locator('.mod-root .callout:visible').first();
  await first.waitFor({ timeout: PATIENCE });
  await first.evaluate((el) => el.scrollIntoView({ block: 'start' }));
};

export async function run(vault: VaultClient, id: string): Promise<void> {
  if (!(await vault.run(`operary:${id}`))) throw new Error(`The command ${id} is not offered here.`);
}

async function connecting(vault: VaultClient): Promise<void> {
  await run(vault, 'connect');
  await vault.modal.fill('Server address', 'https://operary.plant.example');
  await vault.modal.fill('Pairing code', 'K7QM-4TRP-9X2C');
}

async function board(vault: VaultClient): Promise<void> {
  await run(vault, 'open-board');
  await seen(vault, '.operary-card');
}

async function trail(vault: VaultClient): Promise<void> {
  await read(taskNote)(vault);
  await run(vault, 'show-trail');
  await seen(vault, 'svg.operary-picture');
}

export async function verifying(vault: VaultClient): Promise<void> {
  await read(sealedNote)(vault);
  await run(vault, 'verify-seal');
  const verdict = async () => (await vault.modal.isOpen()) && (await vault.modal.text()).includes('Valid');
  await vault.until(verdict, { what: 'the verdict', timeout: PATIENCE });
}

async function handingOver(vault: VaultClient): Promise<void> {
  await read(shiftNote)(vault);
  await run(vault, 'shifts-close');
  await vault.modal.press('Close shift');
  await status(vault, 'Stored');
  await run(vault, 'shifts-sign');
}

const toms = (stage: Stage) => Promise.resolve(stage.desktop);
const phoneOf = (who: 'tom' | 'marek' | 'jo') => (stage: Stage) => stage.phone(who);

/** In this order: the board stays open on a phone, and what changes the shift comes last. */
export const SCREENS: readonly Screen[] = [
  { name: 'desktop-connect', on: (stage) => stage.empty('desktop'), go: connecting },
  { name: 'desktop-shift', on: toms, go: async (vault) => [await read(shiftNote)(vault), await board(vault)] },
  { name: 'desktop-task', on: toms, go: read(taskNote) },
  { name: 'desktop-trail', on: toms, go: trail },
  {
    name: 'desktop-log',
    on: toms,
    go: async (vault) => [await read(shiftNote)(vault), await run(vault, 'shifts-log')],
  },
  { name: 'desktop-sealed', on: toms, go: read(sealedNote) },
  { name: 'desktop-verify', on: toms, go: verifying },
  { name: 'desktop-settings', on: toms, go: (vault) => vault.settings.open() },
  { name: 'phone-connect', on: (stage) => stage.empty('android'), go: connecting },
  { name: 'phone-shift', on: phoneOf('tom'), go: read(shiftNote) },
  { name: 'phone-task', on: phoneOf('marek'), go: read(taskNote) },
  { name: 'phone-trail', on: phoneOf('marek'), go: trail },
  { name: 'phone-board', on: phoneOf('marek'), go: board },
  { name: 'phone-report', on: phoneOf('jo'), go: (vault) => run(vault, 'alarms-report') },
  { name: 'phone-take-over', on: phoneOf('jo'), go: (vault) => run(vault, 'take-over') },
  { name: 'desktop-hand-over', on: toms, go: handingOver },
];
