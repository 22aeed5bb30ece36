/** What a person does in the real app: the same words as `test/browser/`, on WebdriverIO. */
import { browser } from '@wdio/globals';
import { pairingLink } from '../../shared/sync/pairing.ts';
import { handThrough, type Plant } from './plant.ts';

const PATIENCE = 20_000;

const quoted = (text: string): string => `"${text}"`;
const modal = '(//div[contains(concat(" ", @class, " "), " modal ")])[last()]';
const row = (name: string): string =>
  `${modal}//div[contains(@class, "setting-item")][.//div[contains(@class, "setting-item-name")][normalize-space() = ${quoted(name)}]]`;

export const fill = (name: string, value: string): Promise<void> =>
  browser.$(`${row(name)}//*[self::input or self::textarea]`).setValue(value);

/** Into the one text of a quick entry. */
export const write = (text: string): Promise<void> => browser.$(`${modal}//textarea`).setValue(text);

export const press = (name: string): Promise<void> =>
  browser.$(`${modal}//button[normalize-space() = ${quoted(name)}]`).click();

export const modalText = (): Promise<string> => browser.$(modal).getText();

export const until = <T>(what: string, look: () => Promise<T>): Promise<T> =>
  browser.waitUntil(look, { timeout: PATIENCE, timeoutMsg: `Waited ${PATIENCE} ms for ${what}.` });

export const files = (): Promise<string[]> =>
  browser.executeObsidian(({ app }) => app.vault.getFiles().map(({ path }) => path));

/** As it lies on the disk. */
export const read = (path: string): Promise<string> =>
  browser.executeObsidian(({ app }, file) => app.vault.adapter.read(file), path);

export async function noteOf(start: string, part = ''): Promise<string> {
  const find = async () => (await files()).find((path) => path.startsWith(start) && path.includes(part));
  return (await until(`a note ${start}…${part}`, find))!;
}

export const says = (path: string, ...parts: readonly string[]): Promise<boolean> =>
  until(`${path} to say ${parts.join(' and ')}`, async () => {
    const text = await read(path);
    return parts.every((part) => text.includes(part));
  });

export const open = (path: string): Promise<void> =>
  browser.executeObsidian(async ({ app }, file) => {
    await app.workspace.openLinkText(file, '', false);
  }, path);

export const run = (command: string): Promise<void> => browser.executeObsidianCommand(`operary:${command}`);

/** Of this vault, by the link that an admin gave: pasted into the form. `through`: another way to the same server. */
export async function connect(plant: Plant, through = plant.url): Promise<void> {
  await handThrough(Number(new URL(through).port));
  await run('connect');
  await fill('Server address', pairingLink(through, await plant.code()));
  await press('Connect');
  await noteOf('Operary/Shifts/');
}
