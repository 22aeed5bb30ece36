/**
 * Real senders out of Debian's packages, unpacked beside the machine and never installed: no service starts, nothing of the system changes.
 * Unpacked once per machine; several test files may ask at once.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why the packages cannot be had here; the message is what a skipped test prints. */
export class NoPackages extends Error {}

/** The folder that holds what the packages hold, as below `/`. Throws `NoPackages`. */
export async function unpacked(name: string, packages: readonly string[]): Promise<string> {
  const home = join(tmpdir(), `operary-debian-${name}`);
  if (existsSync(home)) return home;
  const making = await mkdtemp(`${home}-`);
  try {
    const debs = join(making, 'debs');
    await mkdir(debs);
    await download(debs, packages);
    const root = join(making, 'root');
    for (const deb of await readdir(debs)) if (deb.endsWith('.deb')) await run('dpkg', ['-x', join(debs, deb), root]);
    // Whoever comes second finds the place taken, by the same files.
    await rename(root, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
    return home;
  } catch (error) {
    throw new NoPackages(`${packages[0]} cannot be had from Debian here: ${(error as Error).message.split('\n')[0]}`);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function download(cwd: string, packages: readonly string[]): Promise<void> {
  const get = (options: readonly string[]) =>
    run('apt-get', [...options, 'download', ...packages], { cwd, timeout: 120_000 });
  try {
    await get([]);
  } catch {
    // A bare image has no lists of what there is: fetched into a folder of our own.
    const lists = join(cwd, 'lists');
    await mkdir(join(lists, 'partial'), { recursive: true });
    const options = ['-o', `Dir::State::lists=${lists}`];
    await run('apt-get', [...options, 'update'], { timeout: 120_000 });
    await get(options);
  }
}

/** For programs that link against libraries of the same packages. */
export const withLibraries = (root: string): NodeJS.ProcessEnv => ({
  ...process.env,
  LD_LIBRARY_PATH: ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((arch) => join(root, 'usr/lib', arch)).join(':'),
});
