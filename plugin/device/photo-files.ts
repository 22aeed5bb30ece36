/** Photos as files of the vault. */
import type { App } from 'obsidian';
import type { PhotoFiles } from '../photos.ts';

export const photoFiles = ({ vault }: App): PhotoFiles => ({
  exists: (path) => vault.getAbstractFileByPath(path) !== null,
  async create(path, bytes) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!vault.getFolderByPath(folder)) await vault.createFolder(folder);
    await vault.createBinary(path, bytes.slice().buffer);
  },
});
