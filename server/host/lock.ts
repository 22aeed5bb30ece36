/** One process writes to a data folder. The operating system holds the lock, so that a killed server leaves none behind. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Another process has the folder. */
export class FolderHeld extends Error {
  override name = 'FolderHeld';
}

/** Throws FolderHeld. */
export function takeLock(data: string): { release(): void } {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = new Database(join(data, 'lock.sqlite'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new FolderHeld(`Another Operary runs on ${data}. Stop it, or set OPERARY_DATA to another folder.`);
  }
  return { release: () => void file.close() };
}
