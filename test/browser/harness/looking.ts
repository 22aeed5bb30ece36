/** What a person does all day with a vault: look for a note, wait for words in it, read the status line, keep a picture. */
import { join } from 'node:path';
import type { VaultClient } from './client.ts';

/** The machine may be busy. */
const PATIENCE = 15_000;

/** The note whose path starts so, once it is there. */
export async function noteOf(vault: VaultClient, start: string, end = '.md'): Promise<string> {
  const find = async () => (await vault.files()).find((path) => path.startsWith(start) && path.endsWith(end));
  return (await vault.until(find, { what: `a note ${start}…${end}`, timeout: PATIENCE }))!;
}

export async function says(vault: VaultClient, path: string, ...parts: readonly string[]): Promise<void> {
  const missing = async () => {
    const text = await vault.read(path);
    return parts.filter((part) => !text.includes(part));
  };
  await vault.until(missing, { what: `${path} to say it`, is: [], timeout: PATIENCE });
}

export async function notice(vault: VaultClient, part: string): Promise<void> {
  const find = async () => (await vault.notices()).some((text) => text.includes(part));
  await vault.until(find, { what: `a notice with "${part}"`, timeout: PATIENCE });
}

/** The status line, exactly or by a pattern. */
export async function status(vault: VaultClient, words: string | RegExp): Promise<void> {
  const look = async () => {
    const text = (await vault.statusText()) ?? '';
    if (typeof words !== 'string' && words.test(text)) return 'as wanted';
    // Whoever reads the failure wants to know what for.
    return text.startsWith('Needs attention') && text !== words ? [text, ...(await vault.notices())].join('\n') : text;
  };
  await vault.until(look, {
    what: `the status ${String(words)}`,
    is: typeof words === 'string' ? words : 'as wanted',
    timeout: PATIENCE,
  });
}

const isNote = (path: string): boolean => path.endsWith('.md');

/** Every note of one stands in the other, byte for byte; or these notes. Dashboards are of whoever uses the device. */
export async function agree(one: VaultClient, other: VaultClient, only?: readonly string[]): Promise<void> {
  const differing = async () => {
    const [mine, theirs] = [await one.files(), await other.files()].map((all) => all.filter(isNote)) as [
      string[],
      string[],
    ];
    const paths = only ?? [...new Set([...mine, ...theirs])];
    const texts = await Promise.all(
      paths.map(async (path) => [
        mine.includes(path) ? await one.read(path) : 'not there',
        theirs.includes(path) ? await other.read(path) : 'not there',
      ]),
    );
    return paths.flatMap((path, at) => (texts[at]![0] === texts[at]![1] ? [] : [[path, ...texts[at]!]]));
  };
  await one.until(differing, { what: 'the same notes in both vaults', is: [], timeout: PATIENCE });
}

/** How many times these words stand in a text. */
export const times = (text: string, words: string): number => text.split(words).length - 1;

/** A picture for whoever wants to look: into the folder that OPERARY_SCREENSHOTS names. */
export async function picture(vault: VaultClient, name: string): Promise<void> {
  const folder = process.env['OPERARY_SCREENSHOTS'];
  if (folder) await vault.screenshot(join(folder, `${name}.png`));
}
