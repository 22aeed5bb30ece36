/** Where a device keeps what the server does not have yet: a database of this vault on this device, and a file in the plugin's folder. */
import type { App } from 'obsidian';
import type { Attention } from '../attention.ts';
import type { HostPorts } from '../host-ports.ts';
import type { Memory } from '../notes/ports.ts';
import { idbLastSeen, idbOutbox, STORES } from '../outbox/idb-stores.ts';
import type { WriterLock } from '../outbox/ports.ts';
import { twoCopies } from '../outbox/two-copies.ts';
import { openDatabase } from './idb.ts';
import { journal } from './journal.ts';
import { vaultId } from './memory.ts';
import { storageWords } from '../words/index.ts';

interface Parts {
  readonly app: App;
  /** Of the plugin, as its manifest says. */
  readonly folder: string;
  readonly memory: Memory;
  readonly attention: Attention;
  /** Whose view of which server: another address or token is another account. */
  readonly account: string;
}

export function deviceStores({
  app,
  folder,
  memory,
  attention,
  account,
}: Parts): Pick<HostPorts, 'outbox' | 'lock' | 'lastSeen'> {
  const vault = vaultId(memory);
  // Asked for, not relied upon: a phone may say no, and the file is there.
  void navigator.storage?.persist?.().catch(() => undefined);
  const db = openDatabase(window.indexedDB, `operary-${vault}`, STORES);
  return {
    outbox: twoCopies(
      { name: storageWords.database, store: idbOutbox(db) },
      { name: storageWords.file, store: journal(app.vault.adapter, folder) },
      (about, sentence) => attention.tell(about, sentence),
    ),
    lock: onlyWriter(`operary-${vault}`),
    lastSeen: idbLastSeen(db, account),
  };
}

/** Held until it is given back, or this window is gone. Where there are no locks there is one window. */
function onlyWriter(name: string): WriterLock {
  return () =>
    new Promise((resolve) => {
      if (!navigator.locks) return resolve(() => undefined);
      void navigator.locks.request(name, () => new Promise<void>((free) => resolve(free)));
    });
}
