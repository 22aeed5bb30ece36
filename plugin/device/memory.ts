/** Small facts of this device, in Obsidian's storage for this vault on this device: nothing of it is synced with the vault. */
import type { App } from 'obsidian';
import type { Memory } from '../notes/ports.ts';
import { unique } from './clock.ts';

const PREFIX = 'operary-';

/** All vaults of one app share an origin: this tells their databases apart. */
export function vaultId(memory: Memory): string {
  const known = memory.get('vault');
  if (known !== undefined) return known;
  const made = unique();
  memory.set('vault', made);
  return made;
}

export function deviceMemory(app: App): Memory {
  return {
    get(key) {
      const value: unknown = app.loadLocalStorage(PREFIX + key);
      return typeof value === 'string' ? value : undefined;
    },
    set: (key, value) => app.saveLocalStorage(PREFIX + key, value ?? null),
  };
}
