/** Ledgers for tests: the memory twin and SQLite in a folder of its own, both with real keys, a clock that stands and counted randomness. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, Command, Outcome } from '../../shared/kernel/command.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { openLedger, type Head, type LogSigner } from '../../shared/kernel/ledger-on-store.ts';
import { memoryStore } from '../../shared/kernel/memory-store.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Store } from '../../shared/kernel/store.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { vkey } from '../../shared/proof/vkey.ts';
import { createOrganisationKeys, hasOrganisationKeys } from '../../server/keys.ts';
import { openSqliteStore, type SqliteStore } from '../../server/ledger/sqlite-store.ts';
import { createSigner, openSigner } from '../../server/signer.ts';
import { toyRegister } from './toy-feature.ts';

export const NOON = Date.UTC(2026, 10, 21, 12);
export const ORIGIN = 'test.operary.internal';

/** The same bytes in every run; never the same twice. */
export function countedRandom(seed = 'random'): (length: number) => Uint8Array {
  let n = 0;
  return (length) => new Uint8Array(createHash('shake256', { outputLength: length }).update(`${seed}/${++n}`).digest());
}

export const uuid = (name: string): string => derivedId('test', name);
export const PLANT = uuid('plant');
export const OTHER_PLANT = uuid('other plant');

export interface TestLedger {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly logKey: (org: string) => string;
  close(): Promise<void>;
}

const seedOf = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest());

/** Signs with keys that follow from the organisation's id, and remembers its heads in memory. */
export function memorySigner(): LogSigner {
  const heads = new Map<string, Head>();
  return createSigner(
    (org) => ({
      log: { ...signerFromSeed(seedOf(`log ${org}`)), name: `${ORIGIN}/${org}` },
      seal: signerFromSeed(seedOf(`seal ${org}`)),
    }),
    {
      last: (org) => heads.get(org),
      store: (moved) => moved.forEach((head, org) => heads.set(org, head)),
      close: () => undefined,
    },
  );
}

export function memoryLedger(register: Register = toyRegister()): TestLedger {
  const store = memoryStore();
  const world = { register, now: () => NOON, random: countedRandom() };
  const ledger = openLedger({ store, world, signer: memorySigner(), later: setImmediate });
  return {
    ledger,
    store,
    logKey: (org) => vkey(`${ORIGIN}/${org}`, signerFromSeed(seedOf(`log ${org}`)).publicKey),
    close: () => ledger.close(),
  };
}

export interface DiskLedger extends TestLedger {
  readonly store: SqliteStore;
  readonly folder: string;
}

export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'operary-ledger-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const ledgerFile = (folder: string): string => join(folder, 'ledger.sqlite');

export interface DiskOptions {
  readonly register?: Register;
  /** Another one gives other event ids and salts. */
  readonly seed?: string;
  readonly openStore?: (place: { readonly file: string; readonly register: Register }) => SqliteStore;
}

/** Opens what is in the folder; makes keys for the two test plants where there are none. */
export function diskLedger(
  folder: string,
  { register = toyRegister(), seed = 'disk', openStore = openSqliteStore }: DiskOptions = {},
): DiskLedger {
  const made = new Map<string, string>();
  for (const org of [PLANT, OTHER_PLANT]) {
    if (!hasOrganisationKeys(folder, org))
      made.set(
        org,
        createOrganisationKeys(folder, org, { origin: ORIGIN, name: 'Plant', createdAt: '2026-11-21T12:00:00.000Z' })
          .log,
      );
  }
  const store = openStore({ file: ledgerFile(folder), register });
  const signer = openSigner(folder, { origin: ORIGIN });
  const closeAll = () => {
    store.close();
    signer.close();
  };
  const world = { register, now: () => NOON, random: countedRandom(seed) };
  try {
    const ledger = openLedger({ store, world, signer, later: setImmediate });
    return {
      ledger,
      store,
      folder,
      logKey: (org) => logKeyIn(signer.trust(org).trustText),
      async close() {
        await ledger.close();
        signer.close();
      },
    };
  } catch (error) {
    closeAll();
    throw error;
  }
}

const logKeyIn = (trustText: string): string => /^Log key: (.*)$/m.exec(trustText)![1]!;

export const supervisor: Caller = { kind: 'user', id: uuid('sam'), role: 'supervisor', org: PLANT, areas: [] };

/** A command as a supervisor of the plant asks it; the id follows from `name`. */
export function ask(
  type: string,
  subject: string,
  input: object = {},
  more: Partial<Command> & { readonly name?: string } = {},
): Command {
  const { name, ...rest } = more;
  const org = rest.org ?? PLANT;
  const id = uuid(name ?? `${org} ${type} ${subject} ${JSON.stringify(input)}`);
  return {
    id,
    org,
    type,
    subject: { kind: KINDS[type.split('.')[0]!]!, id: uuid(subject) },
    input,
    caller: { ...supervisor, org },
    ...rest,
  };
}

const KINDS: Readonly<Record<string, string>> = { jobs: 'job', watches: 'watch' };

/** Asks, and hands back the one outcome. */
export async function perform(ledger: Ledger, command: Command): Promise<Outcome> {
  const [outcome] = await ledger.transact([command]);
  return outcome!;
}
