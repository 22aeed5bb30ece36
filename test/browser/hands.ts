/** What a person's hands do in a vault with the plugin in it: log, make a task, complete one with photos, write into a note. */
import type { VaultClient } from './harness/client.ts';
import type { Picked } from './harness/forms.ts';
import { noteOf, notice, picture, status } from './harness/looking.ts';
import type { People } from './works.ts';

export const SHIFT = 'Operary/Shifts/';
/** Folders are by month: of today, in these tests. */
const MONTH = new Date().toISOString().slice(0, 7).replace('-', '/');
export const task = (ref: string): string => `Operary/Tasks/${MONTH}/${ref} `;

/** Opens a vault and waits until the server knows its device: nothing of it waits any more. */
export async function joined(people: People, open: () => Promise<VaultClient>): Promise<VaultClient> {
  const devices = async () => (await people.ana.get<{ items: readonly unknown[] }>('/v1/devices')).items.length;
  const before = await devices();
  const vault = await open();
  await vault.until(devices, { what: 'the new device on the server', is: before + 1, timeout: 15_000 });
  await status(vault, 'Stored');
  return vault;
}

const closed = (vault: VaultClient): Promise<boolean> =>
  vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close', timeout: 10_000 });

export async function logs(vault: VaultClient, text: string): Promise<void> {
  await vault.openNote(await noteOf(vault, SHIFT));
  await vault.run('operary:shifts-log');
  await vault.modal.fill('Text', text);
  await vault.modal.press('Log entry');
  await closed(vault);
}

export async function creates(vault: VaultClient, title: string): Promise<void> {
  await vault.run('operary:tasks-create');
  await vault.modal.fill('Title', title);
  await vault.modal.press('Create task');
  await closed(vault);
}

export async function completes(
  vault: VaultClient,
  ref: string,
  note: string,
  photos: readonly Picked[] = [],
): Promise<void> {
  await vault.openNote(await noteOf(vault, task(ref)));
  await vault.run('operary:tasks-complete');
  await vault.modal.fill('Note', note);
  if (photos.length) await vault.modal.attach('Evidence', photos);
  const shown = () => vault.page.locator('.operary-photo img').count();
  await vault.until(shown, { what: 'the photos in the form', is: photos.length });
  await picture(vault, 'form-complete');
  await vault.modal.press('Complete task');
  await closed(vault);
}

/** Types at the end of the people's part of a note. */
export async function writes(vault: VaultClient, path: string, text: string): Promise<void> {
  await vault.openNote(path, 'source');
  await toNotes(vault);
  await vault.type(text);
}

/** The cursor at the end of the people's part of the open note. */
export async function toNotes(vault: VaultClient): Promise<void> {
  await vault.page.evaluate(() => {
    const { editor } = window.harness.view();
    editor.focus();
    editor.setCursor(editor.offsetToPos(editor.getValue().indexOf('\n%% /operary:notes %%')));
  });
}

/** Whatever line ends the file has. */
export const peoplesText = (note: string): string =>
  /%% operary:notes %%\n([^]*?)\n%% \/operary:notes %%/.exec(note.replaceAll('\r\n', '\n'))?.[1] ?? '';

/** Brings a person to a device that others use too: a token once, a PIN from then on. */
export async function enrols(vault: VaultClient, name: string, token: string, pin: string): Promise<void> {
  await vault.run('operary:take-over');
  await vault.modal.press('Add a person');
  await vault.modal.fill('Token of this person', token);
  await vault.modal.press('Add');
  await vault.until(async () => (await vault.modal.title()) === `A PIN for ${name}`, { what: `the PIN of ${name}` });
  await vault.modal.fill('4 to 8 digits', pin);
  await vault.modal.press('Set PIN');
  await notice(vault, `${name} takes over with this PIN from now on.`);
}

export async function killed(
  vault: VaultClient,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await vault.killPage();
  await between();
  await vault.reopen();
}
