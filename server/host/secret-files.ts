/** `keys/ORG/secrets.json` (0600), replaced as a whole: a crash leaves the old or the new one. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { keysFolder } from '../keys.ts';
import { syncFolder } from '../sync-folder.ts';
import { keptSecrets, type SecretStore } from './secrets.ts';

const fileOf = (data: string, org: string): string => join(keysFolder(data, org), 'secrets.json');

export const secretFiles = (data: string): SecretStore =>
  keptSecrets({
    read(org) {
      const file = fileOf(data, org);
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
    },
    write(org, secrets) {
      const file = fileOf(data, org);
      const made = `${file}.new`;
      const handle = openSync(made, 'w', 0o600);
      try {
        writeSync(handle, JSON.stringify(secrets));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(made, file);
      syncFolder(keysFolder(data, org));
    },
  });
