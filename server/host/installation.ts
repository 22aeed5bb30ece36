/** A ledger that this process may write to, with its keys: what the server and the CLI both open. */
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { openLedger } from '../../shared/kernel/ledger-on-store.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Clock } from '../clock.ts';
import { randomPool } from '../random-pool.ts';
import type { Backing } from './backing.ts';
import type { Bootstrap } from '../../shared/kernel/bootstrap.ts';

export interface Installation {
  readonly ledger: Ledger;
  readonly backing: Backing;
  readonly register: Register;
  readonly bootstrap: Bootstrap;
  readonly clock: Clock;
  close(): Promise<void>;
}

export interface Ground {
  readonly register: Register;
  readonly bootstrap: Bootstrap;
  readonly clock: Clock;
  readonly backing: Backing;
}

export function openInstallation({ register, bootstrap, clock, backing }: Ground): Installation {
  const world = { register, now: () => clock.now(), random: randomPool() };
  const { store, signer } = backing;
  const ledger = openLedger({ store, world, signer, later: setImmediate });
  return {
    ledger,
    backing,
    register,
    bootstrap,
    clock,
    async close() {
      await ledger.close();
      backing.close();
    },
  };
}
