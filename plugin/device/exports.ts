/** Files that a person takes out: written into the vault, never over another. */
import { normalizePath, type App } from 'obsidian';
import { sameBytes } from '../../shared/kernel/bytes.ts';

/** Answers where it lies; the same bytes are written once. */
export type Export = (folder: string, name: string, ending: string, bytes: Uint8Array) => Promise<string>;

export const exportInto =
  ({ vault }: App): Export =>
  async (folder, name, ending, bytes) => {
    const names = folder.split('/');
    for (const at of names.keys()) {
      const place = names.slice(0, at + 1).join('/');
      if (!vault.getFolderByPath(place)) await vault.createFolder(place);
    }
    for (let n = 1; ; n++) {
      const path = normalizePath(`${folder}/${name}${n === 1 ? '' : ` ${n}`}.${ending}`);
      const there = vault.getFileByPath(path);
      if (there && !sameBytes(new Uint8Array(await vault.readBinary(there)), bytes)) continue;
      if (!there) await vault.createBinary(path, bytes.slice().buffer);
      return path;
    }
  };
