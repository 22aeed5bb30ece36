/** One process writes to a data folder. The operating system holds the lock, so that a killed server leaves none behind. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeDataFolder, makePrivateFile } from './data-folder.ts';

/** Another process has the folder. */
export class FolderHeld extends Error {
  override name = 'FolderHeld';
}

/** Throws FolderHeld; ConfigError where no folder can be. */
export function takeLock(data: string): { release(): void } {
  const name = join(data, 'lock.sqlite');
  makeDataFolder(data);
  makePrivateFile(data, name);
  const file = new Database(name, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new FolderHeld(`Another Operary runs on ${data}. Stop it, or set OPERARY_DATA to another folder.`);
  }
  return { release: () => void file.close() };
}
