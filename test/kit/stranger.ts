/** Somebody from outside with a bundle: downloads it, unpacks it, damages it, and follows what its README says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import type { Api } from './api.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export async function downloadZip(api: Api, shift: string): Promise<Uint8Array> {
  const response = await api.ask('GET', `/v1/shifts/${shift}/bundle`);
  if (response.status !== 200)
    throw new Error(`The bundle was answered with ${response.status}: ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Its files by their paths, without the folder around them. */
export async function downloadBundle(api: Api, shift: string): Promise<Files> {
  const entries = Object.entries(unzipSync(await downloadZip(api, shift)));
  return new Map(entries.map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), bytes]));
}

export function unpack(files: Files, folder: string): void {
  for (const [path, bytes] of files) {
    const file = join(folder, ...path.split('/'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

/** The same files with one bit of one byte turned over. */
export const flipped = (files: Files, path: string, at: number, bit = 0): Files => {
  const bytes = Uint8Array.from(files.get(path)!);
  bytes[at] = bytes[at]! ^ (1 << bit);
  return new Map(files).set(path, bytes);
};

/** The command lines that a text sets apart by indenting them, in order. */
export const commandsIn = (readme: string, ...programs: readonly string[]): readonly string[] =>
  readme
    .split('\n')
    .filter((line) => programs.some((program) => line.startsWith(`    ${program} `)))
    .map((line) => line.trim());

/** The second implementation, which shares no code with the first. */
export const VERIFY_PY = fileURLToPath(new URL('../vectors/verify.py', import.meta.url));
