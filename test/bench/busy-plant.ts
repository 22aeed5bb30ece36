/** A plant at work, in process: 64 people at once take tasks from report to completion through the whole door, on disk. */
import { join } from 'node:path';
import { features } from '../../shared/features/index.ts';
import type { Caller, Command } from '../../shared/kernel/command.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { openLedger } from '../../shared/kernel/ledger-on-store.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { createOrganisationKeys } from '../../server/keys.ts';
import { openSqliteStore } from '../../server/ledger/sqlite-store.ts';
import { useNativeCrypto } from '../../server/native.ts';
import { randomPool } from '../../server/random-pool.ts';
import { openSigner } from '../../server/signer.ts';

const ORIGIN = 'bench.operary.internal';
const AREA = 'leeds/packaging';
const CALLERS = 64;

export interface BusyPlant {
  /** Commands a second over so many milliseconds. */
  run(milliseconds: number): Promise<number>;
  /** Commands that shared one commit, on average. */
  perCommit(): number;
  close(): Promise<void>;
}

export async function busyPlant(folder: string): Promise<BusyPlant> {
  useNativeCrypto();
  const org = derivedId('bench');
  const random = randomPool();
  const keys = createOrganisationKeys(folder, org, { origin: ORIGIN, name: 'Bench', createdAt: utc(Date.now()) });
  const register = createRegister(features);
  const signer = openSigner(folder, { origin: ORIGIN });
  const store = openSqliteStore({ file: join(folder, 'ledger.sqlite'), register });
  const ledger = openLedger({ store, signer, world: { register, now: Date.now, random }, later: setImmediate });

  // Ids in the order of their making, as UUIDv7 are, and cheaper to make: it is the door that is measured, not those who knock.
  let made = 0;
  const fresh = (): string => `01950000-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
  const kinds = new Map(register.features.map(({ name, kind }) => [name, kind]));
  const as = (who: Partial<Caller>) => {
    const caller: Caller = { kind: 'user', id: derivedId('somebody'), org, areas: [], ...who };
    return (type: string, id: string, input: object): Command => {
      const kind = kinds.get(type.slice(0, type.indexOf('.')))!;
      return { id: fresh(), org, type, subject: { kind, id }, input, caller };
    };
  };
  const host = as({ kind: 'host' });
  const supervisor = as({ role: 'supervisor' });
  const shift = fresh();
  await insist([
    host('orgs.create', org, { slug: 'bench', name: 'Bench', keys }),
    host('areas.create', fresh(), { path: AREA, name: 'Packaging' }),
    supervisor('shifts.create', shift, { area: AREA, from: utc(Date.now() - 1000), to: utc(Date.now() + 28_800_000) }),
    supervisor('shifts.start', shift, {}),
  ]);

  async function insist(commands: readonly Command[]): Promise<void> {
    for (const outcome of await ledger.transact(commands))
      if (outcome.outcome === 'rejected') throw new Error(outcome.refusal.detail);
  }

  /** One task from report to completion: five commands. */
  const work = (task: string): Command[] => [
    supervisor('tasks.create', task, { title: `Conveyor 3 stops at the infeed, ${task.slice(-4)}`, area: AREA }),
    supervisor('tasks.assign', task, { assignee: { role: 'maintenance_engineer' } }),
    supervisor('tasks.acknowledge', task, {}),
    supervisor('tasks.start', task, {}),
    supervisor('tasks.complete', task, { note: 'Photo cell cleaned and adjusted, ran it for ten minutes.' }),
  ];

  let commits = 0;
  let done = 0;
  ledger.onCommit(() => commits++);
  return {
    async run(milliseconds) {
      const start = performance.now();
      let count = 0;
      const callers = Array.from({ length: CALLERS }, async () => {
        while (performance.now() - start < milliseconds) {
          for (const command of work(fresh())) {
            const [outcome] = await ledger.transact([command]);
            if (outcome!.outcome !== 'accepted') throw new Error(`${command.type} was not accepted.`);
            count++;
          }
        }
      });
      await Promise.all(callers);
      done += count;
      return (count * 1000) / (performance.now() - start);
    },
    perCommit: () => done / commits,
    async close() {
      await ledger.close();
      signer.close();
    },
  };
}
