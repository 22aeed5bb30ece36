import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes the names in a folder durable: a new or renamed file is not safe before this. */
export function syncFolder(folder: string): void {
  // Windows opens no folders; NTFS keeps a journal of names itself.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
