/** The first copy of the outbox, and the state to start from without a network, in one database of this vault on this device. */
import type { Entry } from '../../shared/sync/outbox.ts';
import type { Snapshot } from '../connection.ts';
import type { Database } from '../device/idb.ts';
import type { LastSeen, OutboxStore } from './ports.ts';

/** For `openDatabase`. */
export const STORES = { entries: 'id', seen: 'account' } as const;

interface Row {
  readonly id: string;
  readonly entry: Entry;
}

const rowOf = (entry: Entry): Row => ({ id: entry.command.id, entry });

export const idbOutbox = (db: Database): OutboxStore => ({
  load: async () => ({ own: (await db.all<Row>('entries')).map(({ entry }) => entry), others: [] }),
  add: (entry) => db.write('entries', [rowOf(entry)]),
  update: (entries) => db.write('entries', entries.map(rowOf)),
  keep: (entries) => db.write('entries', entries.map(rowOf), 'all'),
  close: () => db.close(),
});

/** `account`: whose view of which server it is; what another account saw is forgotten. */
export const idbLastSeen = (db: Database, account: string): LastSeen => ({
  load: async () => (await db.get<{ readonly snapshot: Snapshot }>('seen', account))?.snapshot,
  save: (snapshot) => db.write('seen', [{ account, snapshot }], 'all'),
});
