/** Parts as files, `uploads/ORG/SHA256` in the data folder: a file's length is how much of it has arrived. What was abandoned goes at start. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../sync-folder.ts';
import { ABANDONED_AFTER, type Uploads } from './uploads.ts';

export function uploadFiles(data: string, now: () => number): Uploads {
  const folder = join(data, 'uploads');
  const fileOf = (org: string, sha256: string): string => join(folder, org, sha256);
  dropAbandoned(folder, now() - ABANDONED_AFTER);

  /** Empty, with its name safe on disk. */
  async function begin(org: string, file: string): Promise<void> {
    await mkdir(join(folder, org), { recursive: true, mode: 0o700 });
    await (await open(file, 'a', 0o600)).close();
    for (const place of [join(folder, org), folder, data]) syncFolder(place);
  }

  return {
    offset: (org, sha256) => lengthOf(fileOf(org, sha256)),
    async add(org, sha256, offset, piece) {
      const name = fileOf(org, sha256);
      if ((await lengthOf(name)) === undefined) await begin(org, name);
      const file = await open(name, 'r+');
      try {
        for (let done = 0; done < piece.length;) {
          const { bytesWritten } = await file.write(piece, done, piece.length - done, offset + done);
          done += bytesWritten;
        }
        await file.sync();
        return offset + piece.length;
      } catch (error) {
        // Half a piece is not what was asked for: the next one stands where this one stood.
        await file.truncate(offset).catch(() => undefined);
        throw error;
      } finally {
        await file.close();
      }
    },
    bytes: (org, sha256) => readFile(fileOf(org, sha256)),
    drop: (org, sha256) => rm(fileOf(org, sha256), { force: true }),
    count: async (org) => (await orNothing(readdir(join(folder, org))))?.length ?? 0,
  };
}

const lengthOf = async (file: string): Promise<number | undefined> => (await orNothing(stat(file)))?.size;

async function orNothing<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

function dropAbandoned(folder: string, before: number): void {
  if (!statSync(folder, { throwIfNoEntry: false })) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(file).mtimeMs < before) rmSync(file, { force: true });
  }
}
