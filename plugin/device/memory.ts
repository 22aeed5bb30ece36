/** Small facts of this device, in Obsidian's storage for this vault on this device: nothing of it is synced with the vault. */
import type { App } from 'obsidian';
import type { Memory } from '../notes/ports.ts';

const PREFIX = 'operary-';

export function deviceMemory(app: App): Memory {
  return {
    get(key) {
      const value: unknown = app.loadLocalStorage(PREFIX + key);
      return typeof value === 'string' ? value : undefined;
    },
    set: (key, value) => app.saveLocalStorage(PREFIX + key, value ?? null),
  };
}
