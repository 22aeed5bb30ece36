/**
 * The outbox of this device while the app runs: numbers are given one at a time, and only what a store has answered for is there for
 * anybody to see (L13). What happens to an entry later is written down as well, so that a restart goes on where this one ended.
 */
import {
  counts,
  dismissed,
  inOrder,
  isQueued,
  lastDeviceSeq,
  pruned,
  settle,
  union,
  type Entry,
  type Outbox,
} from '../../shared/sync/outbox.ts';
import type { CommandOutcome } from '../../shared/sync/messages.ts';
import type { Attention } from '../attention.ts';
import type { Memory } from '../notes/ports.ts';
import type { Identity } from '../identity.ts';
import type { OutboxStore, WriterLock } from './ports.ts';
import { outboxWords } from '../words/index.ts';

export interface DeviceOutbox {
  readonly entries: Outbox;
  /** This window has the outbox, and has read it. */
  readonly isOpen: boolean;
  readonly counts: ReturnType<typeof counts>;
  open(): Promise<void>;
  lastDeviceSeq(device: string): number;
  /** `make` gets the next number; what it answers is stored before this resolves. Rejects when no store would take it. */
  put(make: (deviceSeq: number) => Entry | undefined): Promise<void>;
  /** What this person recorded under another identity, and nobody has sent: their credential is here, so it can go. */
  rescue(author: string): void;
  /** Answers the entries that changed, as they were before. */
  settle(outcomes: readonly CommandOutcome[]): Promise<readonly Entry[]>;
  /** Entries that are there already. */
  replace(entries: readonly Entry[]): Promise<void>;
  /** What still waits under another identity is numbered anew, in its order, under the one of now. */
  takeOver(from: string, renumber: (entry: Entry, deviceSeq: number) => Entry): Promise<void>;
  dismiss(id: string): void;
  /** Told of the entries as they were and as they are. */
  onChange(hear: (changed: readonly Entry[]) => void): void;
  close(): void;
}

interface Parts {
  readonly store: OutboxStore;
  readonly identity: Identity;
  readonly memory: Memory;
  readonly attention: Attention;
  readonly lock: WriterLock;
  readonly now: () => number;
  /** Of entries that come from the stores, what the server is known to have of them. */
  readonly recognised: (entries: readonly Entry[]) => Promise<readonly Entry[]>;
}

const numberKey = (device: string): string => `device-seq:${device}`;

/** Once the server has it there is no need to keep what it looked like before. */
const slim = (entry: Entry): Entry => (isQueued(entry) ? entry : { ...entry, shown: [] });

export function createOutbox(parts: Parts): DeviceOutbox {
  const { store, identity, memory, attention, lock, now, recognised } = parts;
  let entries: Outbox = [];
  let others: readonly Entry[] = [];
  let author: string | undefined;
  let isOpen = false;
  let isClosed = false;
  let release = (): void => undefined;
  let inTurn: Promise<void> = Promise.resolve();
  const listeners: ((changed: readonly Entry[]) => void)[] = [];
  const told = (changed: readonly Entry[]): void => listeners.forEach((hear) => hear(changed));

  const last = (device: string): number =>
    Math.max(lastDeviceSeq(entries, device), Number(memory.get(numberKey(device)) ?? 0));

  async function written(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // What the server said is asked for again after a restart; it answers the same.
      attention.tell('outbox', error instanceof Error ? error.message : String(error));
    }
  }

  async function replace(changed: readonly Entry[]): Promise<void> {
    // Whoever has the outbox after this one must not find it changed under their hands.
    if (!changed.length || isClosed) return;
    entries = union(entries, changed);
    told(changed);
    await written(() => store.update(changed.map(slim)));
  }

  function rescue(): void {
    if (!isOpen || author === undefined) return;
    const found = others.filter(({ command }) => command.author === author);
    others = others.filter((entry) => !found.includes(entry));
    if (found.length) void recognised(found).then(replace);
  }

  return {
    get entries() {
      return entries;
    },
    get isOpen() {
      return isOpen;
    },
    get counts() {
      return counts(entries);
    },
    async open() {
      const free = await lock();
      if (isClosed) return free();
      release = free;
      const found = await store.load(identity.deviceId);
      const own = await recognised(pruned(inOrder(found.own), now()));
      if (isClosed) return;
      entries = own;
      others = found.others;
      isOpen = true;
      if (!entries.some(isQueued)) await written(() => store.keep(entries.map(slim)));
      told(entries);
      rescue();
    },
    lastDeviceSeq: last,
    rescue(person) {
      author = person;
      rescue();
    },
    put(make) {
      const turn = inTurn.then(async () => {
        if (isClosed) throw new Error(outboxWords.stopped);
        const { deviceId } = identity;
        const next = last(deviceId) + 1;
        const entry = make(next);
        if (!entry) return;
        await store.add(entry);
        memory.set(numberKey(deviceId), String(next));
        entries = inOrder([...entries, entry]);
        told([entry]);
      });
      inTurn = turn.catch(() => undefined);
      return turn;
    },
    async settle(outcomes) {
      const changed = settle(entries, outcomes, now());
      const ids = new Set(changed.map(({ command }) => command.id));
      const before = entries.filter(({ command }) => ids.has(command.id));
      await replace(changed);
      return before;
    },
    replace,
    takeOver(from, renumber) {
      const turn = inTurn.then(async () => {
        const { deviceId } = identity;
        let next = last(deviceId);
        const mine = entries.filter((entry) => isQueued(entry) && entry.device === from);
        const changed = mine.map((entry) => renumber(entry, (next += 1)));
        await written(() => Promise.all(changed.map((entry) => store.add(entry))));
        memory.set(numberKey(deviceId), String(next));
        entries = union(entries, changed);
        told(changed);
      });
      inTurn = turn;
      return turn;
    },
    dismiss(id) {
      const entry = entries.find(({ command }) => command.id === id);
      if (entry?.state === 'attention' && !isQueued(entry) && !entry.dismissed) void replace([dismissed(entry)]);
    },
    onChange: (hear) => void listeners.push(hear),
    close() {
      isClosed = true;
      isOpen = false;
      store.close();
      release();
    },
  };
}
