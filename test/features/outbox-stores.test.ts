/** The two copies of the outbox: what either has is there, and only when both fail is nothing kept. */
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { openDatabase } from '../../plugin/device/idb.ts';
import { journal } from '../../plugin/device/journal.ts';
import { idbLastSeen, idbOutbox, STORES } from '../../plugin/outbox/idb-stores.ts';
import { twoCopies } from '../../plugin/outbox/two-copies.ts';
import type { Entry } from '../../shared/sync/outbox.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { memoryOutbox } from '../kit/a-device.ts';

const DEVICE = derivedId('test', 'device', 'one');
const entry = (n: number, more: Partial<Entry> = {}): Entry => ({
  device: DEVICE,
  command: {
    id: derivedId('test', 'entry', String(n)),
    type: 'tasks.note',
    v: 1,
    subject: DEVICE,
    body: { text: `Entry ${n}` },
    deviceSeq: n,
    observedSeq: 0,
    occurredAt: '2026-11-21T06:00:00.000Z',
    tz: 'UTC',
    clockOffsetMs: null,
  },
  shown: [],
  state: 'waiting',
  tries: 0,
  notBefore: 0,
  flags: [],
  revision: 1,
  ...more,
});
const settled = (one: Entry): Entry => ({ ...one, state: 'stored', settledAt: 1, revision: one.revision + 1 });
const ids = (entries: readonly Entry[]): number[] => entries.map(({ command }) => command.deviceSeq);

/** A folder as Obsidian's adapter has it. */
function folder(files = new Map<string, string>()) {
  const folders = new Set<string>();
  return {
    files,
    append: async (path: string, text: string) => void files.set(path, (files.get(path) ?? '') + text),
    write: async (path: string, text: string) => void files.set(path, text),
    read: async (path: string) => files.get(path)!,
    exists: async (path: string) =>
      files.has(path) || folders.has(path) || [...files.keys()].some((one) => one.startsWith(`${path}/`)),
    mkdir: async (path: string) => void folders.add(path),
    list: async (path: string) => ({
      files: [...files.keys()].filter((one) => one.startsWith(`${path}/`)),
      folders: [],
    }),
  };
}
const FILE = `p/outbox/${DEVICE}.ndjson`;

test('IndexedDB keeps entries over a restart, and answers only when they are on disk', async () => {
  const factory = new IDBFactory();
  const first = openDatabase(factory, 'vault', STORES);
  const store = idbOutbox(first);
  await store.add(entry(1));
  await store.add(entry(2));
  await store.update([settled(entry(1))]);
  store.close();
  await expect(store.add(entry(3))).rejects.toThrow('closed');
  const again = idbOutbox(openDatabase(factory, 'vault', STORES));
  expect((await again.load(DEVICE)).own.map(({ state }) => state)).toEqual(
    expect.arrayContaining(['stored', 'waiting']),
  );
  await again.keep([entry(2)]);
  expect(ids((await again.load(DEVICE)).own)).toEqual([2]);
});

test('a connection that the system has closed is opened again, and what cannot be opened says why', async () => {
  const factory = new IDBFactory();
  const opened: IDBDatabase[] = [];
  const watched = {
    open(...asked: Parameters<IDBFactory['open']>) {
      const request = factory.open(...asked);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    },
  } as IDBFactory;
  const store = idbOutbox(openDatabase(watched, 'vault', STORES));
  await store.add(entry(1));
  opened[0]!.close();
  await store.add(entry(2));
  expect(ids((await store.load(DEVICE)).own).sort()).toEqual([1, 2]);
  const newer = factory.open('taken', 5);
  await new Promise((resolve) => (newer.onsuccess = resolve));
  await expect(idbOutbox(openDatabase(factory, 'taken', STORES)).load(DEVICE)).rejects.toThrow(/version/i);
});

test('what one account has seen is forgotten when another one looks', async () => {
  const db = openDatabase(new IDBFactory(), 'vault', STORES);
  const snapshot = {
    head: 9,
    instance: 'i',
    organisation: 'o',
    me: { id: 'u', kind: 'user', role: null, areas: [] },
    items: [],
  };
  await idbLastSeen(db, 'ana').save(snapshot);
  expect(await idbLastSeen(db, 'ana').load()).toEqual(snapshot);
  await idbLastSeen(db, 'ben').save({ ...snapshot, head: 10 });
  expect(await idbLastSeen(db, 'ana').load()).toBeUndefined();
});

test('the file is only ever appended to; the latest line holds, and a torn last line is passed over', async () => {
  const disk = folder();
  const store = journal(disk, 'p');
  await store.load(DEVICE);
  await Promise.all([store.add(entry(1)), store.add(entry(2)), store.update([settled(entry(1))])]);
  expect(disk.files.get(FILE)!.split('\n')).toHaveLength(4);
  disk.files.set(FILE, `${disk.files.get(FILE)!}{"device":"${DEVICE}","comm`);
  const again = journal(disk, 'p');
  expect((await again.load(DEVICE)).own.map(({ state }) => state)).toEqual(['stored', 'waiting']);
  await again.add(entry(3));
  expect(ids((await journal(disk, 'p').load(DEVICE)).own)).toEqual([1, 2, 3]);
  await again.keep([settled(entry(3))]);
  expect(disk.files.get(FILE)!.split('\n')).toHaveLength(2);
});

test('what another identity has left in the vault and still waits is found, and its file is never written', async () => {
  const disk = folder();
  const other = { ...entry(1), device: derivedId('test', 'device', 'two') };
  const theirs = journal(disk, 'p');
  await theirs.load(other.device);
  await theirs.add(other);
  const before = disk.files.get(`p/outbox/${other.device}.ndjson`);
  const store = journal(disk, 'p');
  expect(await store.load(DEVICE)).toEqual({ own: [], others: [other] });
  await store.update([settled(other)]);
  expect(disk.files.get(`p/outbox/${other.device}.ndjson`)).toBe(before);
});

function both() {
  const [first, second] = [memoryOutbox(), memoryOutbox()];
  const told: string[] = [];
  const store = twoCopies(
    { name: 'The database', store: first },
    { name: 'The file', store: second },
    (_about, sentence) => told.push(sentence),
  );
  return { first, second, told, store };
}

test('a purge of either loses nothing, and heals', async () => {
  const { first, second, store } = both();
  await store.add(entry(1));
  await store.update([settled(entry(1))]);
  await store.add(entry(2));
  first.rows.clear();
  expect((await store.load(DEVICE)).own.map(({ state }) => state)).toEqual(['stored', 'waiting']);
  second.rows.clear();
  expect(ids((await store.load(DEVICE)).own)).toEqual([1, 2]);
});

test('[L7] while one fails the other carries and somebody is told; when both fail nothing is kept, and that is said', async () => {
  const { first, second, told, store } = both();
  first.isFull = true;
  await store.add(entry(1));
  expect(told).toEqual([
    expect.stringContaining('The database: the storage of this device is full. Entries are kept in one place'),
  ]);
  second.isFull = true;
  await expect(store.add(entry(2))).rejects.toThrow(
    /cannot keep anything just now .*Nothing was recorded\. Free some space/,
  );
  expect(ids((await store.load(DEVICE)).own)).toEqual([1]);
});
