/**
 * The files of a vault, kept outside of every page: they outlive crashes, purged browser storage and closed apps. While the app is
 * closed, other programs still have their hands on them.
 */
import type { BrowserContext } from 'playwright-core';
import type { WireEntry } from './runtime/disk.ts';

type Present = WireEntry & { readonly times: NonNullable<WireEntry['times']> };
type Window = (changes: readonly WireEntry[]) => void;

export interface VaultDisk {
  /** Everything, as an app reads it that starts. */
  all(): readonly WireEntry[];
  /** `from`: the window that has written; the others hear of it. */
  take(changes: readonly WireEntry[], from: Window): void;
  /** A window that wants to hear what others write. */
  attach(window: Window): void;
  detach(window: Window): void;
  paths(): string[];
  bytes(path: string): Uint8Array | null;
  mtime(path: string): number | null;
  write(path: string, text: string): void;
  rename(from: string, to: string): void;
  delete(path: string): void;
}

const disks = new WeakMap<BrowserContext, Map<string, VaultDisk>>();

/** The same for the same vault of the same profile. */
export function vaultDisk(profile: BrowserContext, vault: string): VaultDisk {
  const ofProfile = disks.get(profile) ?? new Map<string, VaultDisk>();
  disks.set(profile, ofProfile);
  const disk = ofProfile.get(vault) ?? createVaultDisk();
  ofProfile.set(vault, disk);
  return disk;
}

function createVaultDisk(): VaultDisk {
  const entries = new Map<string, Present>();
  const windows = new Set<Window>();
  const under = (path: string): string[] =>
    [...entries.keys()].filter((other) => other === path || other.startsWith(`${path}/`));
  const put = (path: string, bytes: string | null, ctime = Date.now()) => {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (!entries.has(folder)) entries.set(folder, { path: folder, bytes: null, times: [ctime, ctime] });
    }
    entries.set(path, { path, bytes, times: [ctime, Date.now()] });
  };
  return {
    all: () => [...entries.values()],
    take(changes, from) {
      for (const { path, bytes, times } of changes) {
        if (times) entries.set(path, { path, bytes, times });
        else entries.delete(path);
      }
      for (const window of windows) if (window !== from) window(changes);
    },
    attach: (window) => void windows.add(window),
    detach: (window) => void windows.delete(window),
    paths: () => [...entries.values()].flatMap(({ path, bytes }) => (bytes === null ? [] : [path])).sort(),
    bytes(path) {
      const entry = entries.get(path);
      return entry && entry.bytes !== null ? Buffer.from(entry.bytes, 'base64') : null;
    },
    mtime: (path) => entries.get(path)?.times[1] ?? null,
    write: (path, text) => put(path, Buffer.from(text).toString('base64'), entries.get(path)?.times[0]),
    rename(from, to) {
      for (const path of under(from)) {
        const { bytes, times } = entries.get(path)!;
        entries.delete(path);
        put(to + path.slice(from.length), bytes, times[0]);
      }
    },
    delete(path) {
      for (const one of under(path)) entries.delete(one);
    },
  };
}
