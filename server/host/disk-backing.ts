/** SQLite and key files in the data folder, locked for this process. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Register } from '../../shared/kernel/register.ts';
import type { Config } from '../config.ts';
import { createOrganisationKeys } from '../keys.ts';
import { openSqliteStore } from '../ledger/sqlite-store.ts';
import { openSigner } from '../signer.ts';
import type { Backing } from './backing.ts';
import { makePrivateFile } from './data-folder.ts';
import { takeLock } from './lock.ts';
import { placeFiles } from './place-files.ts';
import { secretFiles } from './secret-files.ts';
import { uploadFiles } from './upload-files.ts';

export const ledgerFile = (data: string): string => join(data, 'ledger.sqlite');

/** Made with the folder. */
function instanceOf(data: string): string {
  const file = join(data, 'instance');
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`, { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/** Throws FolderHeld when another process has the folder. */
export function diskBacking({ data, origin }: Config, register: Register): Backing {
  const lock = takeLock(data);
  try {
    makePrivateFile(data, ledgerFile(data));
    const store = openSqliteStore({ file: ledgerFile(data), register });
    const signer = openSigner(data, { origin });
    return {
      instance: instanceOf(data),
      store,
      signer,
      keyring: signer,
      cursors: store.cursors,
      rooms: store.rooms,
      outbound: store.outbound,
      uploads: uploadFiles(data, Date.now),
      secrets: secretFiles(data),
      places: placeFiles(data),
      intake: store.intake,
      createKeys: (org, name, createdAt) => createOrganisationKeys(data, org, { origin, name, createdAt }),
      close() {
        signer.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
