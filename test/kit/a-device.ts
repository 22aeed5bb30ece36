/** A device for tests: the real host on a vault, stores and a clock in memory. It can be closed and opened again on what it had stored. */
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { createAttention, type Attention } from '../../plugin/attention.ts';
import { createHost, type Host, type HostPorts } from '../../plugin/host.ts';
import type { Identity } from '../../plugin/identity.ts';
import type { Link } from '../../plugin/link.ts';
import type { LastSeen, OutboxStore } from '../../plugin/outbox/ports.ts';
import { twoCopies } from '../../plugin/outbox/two-copies.ts';
import type { Snapshot } from '../../plugin/connection.ts';
import { hex } from '../../shared/kernel/bytes.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Entry } from '../../shared/sync/outbox.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { memoryMemory, memoryVault, type MemoryVault } from './memory-vault.ts';

/** Keeps JSON, as a disk would; it can be full, and it can be wiped. */
export interface MemoryStore extends OutboxStore {
  readonly rows: Map<string, string>;
  isFull: boolean;
}

export function memoryOutbox(): MemoryStore {
  const rows = new Map<string, string>();
  const store: MemoryStore = {
    rows,
    isFull: false,
    load: async () => ({ own: [...rows.values()].map((row) => JSON.parse(row) as Entry), others: [] }),
    add: (entry) => store.update([entry]),
    async update(entries) {
      if (store.isFull) throw new Error('the storage of this device is full');
      for (const entry of entries) rows.set(entry.command.id, JSON.stringify(entry));
    },
    async keep(entries) {
      rows.clear();
      await store.update(entries);
    },
    close: () => undefined,
  };
  return store;
}

export function memoryLastSeen(): LastSeen & { kept: string | undefined } {
  const store: LastSeen & { kept: string | undefined } = {
    kept: undefined,
    load: async () => (store.kept === undefined ? undefined : (JSON.parse(store.kept) as Snapshot)),
    save: async (snapshot) => void (store.kept = JSON.stringify(snapshot)),
  };
  return store;
}

export interface TestIdentity extends Identity {
  /** Who has taken over; nobody: whoever the token belongs to. */
  who: string | undefined;
}

/** A device whose id and key follow from its name; the native signature, because tests sign often. */
export function identityOf(name: string): TestIdentity {
  let made = 1;
  const named = (): string => (made === 1 ? name : `${name} ${made}`);
  let key = ed25519(named());
  const identity: TestIdentity = {
    who: undefined,
    get deviceId() {
      return derivedId('test', 'device', named());
    },
    person: () => identity.who,
    sign: (bytes) => sign(null, bytes, key).toString('base64'),
    pairing: () => ({ name, publicKey: publicOf(key), platform: 'test' }),
    async newDevice() {
      made += 1;
      key = ed25519(named());
    },
  };
  return identity;
}

/** RFC 8410: the seed in a PKCS #8 envelope. */
const ed25519 = (name: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      createHash('sha256').update(`test device ${name}`).digest(),
    ]),
    format: 'der',
    type: 'pkcs8',
  });
const publicOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

/** What outlives the app. */
export interface Disk {
  readonly vault: MemoryVault;
  readonly memory: ReturnType<typeof memoryMemory>;
  readonly first: MemoryStore;
  readonly second: MemoryStore;
  readonly lastSeen: ReturnType<typeof memoryLastSeen>;
  readonly identity: TestIdentity;
  /** How often chance was asked, over all restarts. */
  drawn: number;
}

export const aDisk = (name = 'tablet', identity = identityOf(name)): Disk => ({
  vault: memoryVault(),
  memory: memoryMemory(),
  first: memoryOutbox(),
  second: memoryOutbox(),
  lastSeen: memoryLastSeen(),
  identity,
  drawn: 0,
});

export interface ADevice {
  readonly host: Host;
  readonly disk: Disk;
  readonly clock: ManualClock;
  readonly attention: Attention;
  readonly notices: string[];
  /** The app is gone, at once; what was stored is there. */
  close(): void;
}

export const NOTHING_TO_SEND = {
  waiting: () => 0,
  waitingBytes: () => 0,
  wake: () => undefined,
  missing: () => Promise.resolve([]),
} as unknown as HostPorts['evidence'];

export function aDevice(
  register: Register,
  link: Link,
  { disk = aDisk(), clock = manualClock(), ...more }: { disk?: Disk; clock?: ManualClock } & Partial<HostPorts> = {},
): ADevice {
  const notices: string[] = [];
  const attention = createAttention(
    () => clock.now(),
    (sentence) => void notices.push(sentence),
  );
  const unique = (): string =>
    hex(createHash('sha256').update(`${disk.identity.deviceId} ${++disk.drawn}`).digest().subarray(0, 16));
  const host = createHost({
    register,
    link,
    clock,
    files: disk.vault,
    memory: disk.memory,
    attention,
    breathe: () => Promise.resolve(),
    unique,
    identity: disk.identity,
    outbox: twoCopies(
      { name: 'The database', store: disk.first },
      { name: 'The file', store: disk.second },
      (about, sentence) => attention.tell(about, sentence),
    ),
    lock: () => Promise.resolve(() => undefined),
    lastSeen: disk.lastSeen,
    evidence: NOTHING_TO_SEND,
    people: { refusal: () => undefined, met: () => undefined, onChange: () => undefined },
    askPerson: () => Promise.resolve(undefined),
    ...more,
  });
  disk.vault.hear = host.notebook;
  return { host, disk, clock, attention, notices, close: () => host.stop() };
}
