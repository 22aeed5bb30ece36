/** `pulls/ORG/ID.json` (0600), replaced as a whole: a crash leaves the old place or the new one, and asking from the old one repeats nothing (L4). */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isUuid } from '../../shared/kernel/ids.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import type { Place, Places } from '../ingest/pull/places.ts';
import { syncFolder } from '../sync-folder.ts';

export function placeFiles(data: string): Places {
  const folderOf = (org: string, id: string): string => {
    if (!isUuid(org) || !isUuid(id)) throw new Fault('A place belongs to an organisation and a connection.');
    return join(data, 'pulls', org);
  };
  return {
    get(org, id) {
      const file = join(folderOf(org, id), `${id}.json`);
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Place) : undefined;
    },
    set(org, id, place) {
      const folder = folderOf(org, id);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${id}.json`);
      const handle = openSync(`${file}.new`, 'w', 0o600);
      try {
        writeSync(handle, JSON.stringify(place));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(`${file}.new`, file);
      syncFolder(folder);
    },
  };
}
