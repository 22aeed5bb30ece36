/** The data folder and the files in it, made so that only their owner reads them: SQLite by itself would let everybody. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { ConfigError } from '../config.ts';

/** Throws ConfigError where no folder can be. */
export function makeDataFolder(data: string): void {
  usable(data, () => mkdirSync(data, { recursive: true, mode: 0o700 }));
}

/** What SQLite puts beside the file (-wal, -shm) takes its mode from it. */
export function makePrivateFile(data: string, file: string): void {
  usable(data, () => closeSync(openSync(file, 'a', 0o600)));
}

function usable(data: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const { code = 'unknown' } = cause as { code?: string };
    const detail = `OPERARY_DATA is ${data}, where this user can keep no files (${code}). Set it to a folder of your own.`;
    throw new ConfigError(detail, { cause });
  }
}
