/**
 * A server's heart in a process of its own, made to be killed: opens the ledger in the folder that it is given, keeps 32 commands waiting
 * at all times, and says on stdout which one has been answered, with which entries.
 */
import { writeSync } from 'node:fs';
import type { Command } from '../../shared/kernel/command.ts';
import { openLedger } from '../../shared/kernel/ledger-on-store.ts';
import { openSqliteStore } from '../../server/ledger/sqlite-store.ts';
import { useNativeCrypto } from '../../server/native.ts';
import { randomPool } from '../../server/random-pool.ts';
import { openSigner } from '../../server/signer.ts';
import { ask, ledgerFile, ORIGIN, OTHER_PLANT, PLANT, supervisor } from './ledger.ts';
import { toyRegister } from './toy-feature.ts';

const CALLERS = 32;

/** The n-th command of a round: two plants, new jobs and notes to them, single events and several at once. */
export function commandOf(round: number, n: number): Command {
  const job = `job ${round}/${n - (n % 4)}`;
  const org = n % 16 < 4 ? OTHER_PLANT : PLANT;
  const more = { org, caller: { ...supervisor, org }, name: `command ${round}/${n}` };
  if (n % 4 === 0) return ask('jobs.create', job, { title: `Check ${round}/${n}`, area: 'leeds/packaging' }, more);
  if (n % 4 === 1) return ask('jobs.note', job, { text: 'x'.repeat(1 + ((n * 37) % 3000)) }, more);
  if (n % 4 === 2) return ask('jobs.split', job, { parts: ['one', 'two', 'three'] }, more);
  return ask('jobs.finish', job, {}, more);
}

async function work(folder: string, round: number): Promise<void> {
  useNativeCrypto();
  const store = openSqliteStore({ file: ledgerFile(folder), register: toyRegister() });
  const world = { register: toyRegister(), now: Date.now, random: randomPool() };
  const ledger = openLedger({ store, world, signer: openSigner(folder, { origin: ORIGIN }), later: setImmediate });
  writeSync(1, 'open\n');
  let next = 0;
  const caller = async (): Promise<never> => {
    for (;;) {
      // Four that belong together in order, so that a job is there before it is worked on.
      const first = next;
      next += 4;
      for (let n = first; n < first + 4; n++) {
        const [outcome] = await ledger.transact([commandOf(round, n)]);
        writeSync(1, `${n} ${outcome!.outcome === 'rejected' ? outcome!.refusal.refused : outcome!.seqs.join()}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

if (import.meta.main) await work(process.argv[2]!, Number(process.argv[3]));
