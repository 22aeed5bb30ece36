/** A ledger that this process may write to, with its keys: what the server and the CLI both open. */
import { randomBytes } from 'node:crypto';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { openLedger } from '../../shared/kernel/ledger-on-store.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Clock } from '../clock.ts';
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

/** The system's randomness, asked for in larger pieces: salts and ids are many and small. */
function randomPool(): (length: number) => Uint8Array {
  let pool = randomBytes(8192);
  let used = 0;
  return (length) => {
    if (used + length > pool.length) {
      pool = randomBytes(Math.max(8192, length));
      used = 0;
    }
    used += length;
    return Uint8Array.prototype.slice.call(pool, used - length, used);
  };
}
