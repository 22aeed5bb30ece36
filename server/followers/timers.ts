/**
 * The clock's own follower: asks every stream whose time has come. Times stand in the rows, so that nothing is kept here that a restart could
 * lose, and looking again is harmless: the id of what is asked follows from the stream, its state's position and its time (L4).
 */
import type { Logger } from 'pino';
import { DUE, type Due, type Feature } from '../../shared/kernel/feature.ts';
import type { Command } from '../../shared/kernel/command.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import type { Register } from '../../shared/kernel/register.ts';

/** As many as one batch of the door holds: between two batches people's commands get their turn. */
const AT_ONCE = 64;

type Timed = Feature & { readonly due: Due<unknown> };

/** Asks what is due now, once; answers from how many something followed. */
export function askDue(ledger: Ledger, register: Register, now: () => number, log: Pick<Logger, 'warn'>) {
  const timed = register.features.filter((feature): feature is Timed => feature.due !== undefined);
  /** By stream: what it was asked and made nothing of. */
  const idle = new Map<string, string>();

  async function askFeature(org: string, feature: Timed): Promise<number> {
    let moved = 0;
    for (let after = 0; ;) {
      const where = { [DUE]: { below: now() + 1 }, first: { above: after } };
      const rows = await ledger.load(org, select<unknown>(feature.name, { where, order: 'oldest', limit: AT_ONCE }));
      if (!rows.length) return moved;
      const commands = rows
        .map((row) => commandFor(org, feature, row))
        .filter(({ id, subject }) => idle.get(subject.id) !== id);
      const outcomes = commands.length ? await ledger.transact(commands) : [];
      for (const [i, outcome] of outcomes.entries()) {
        const { id, subject } = commands[i]!;
        if (outcome.outcome === 'accepted' && outcome.seqs.length) {
          idle.delete(subject.id);
          moved += 1;
          continue;
        }
        idle.set(subject.id, id);
        if (outcome.outcome !== 'rejected') continue;
        const { refused, detail } = outcome.refusal;
        log.warn({ org, [feature.kind]: subject.id, refused, detail }, 'the clock was refused');
      }
      after = rows.at(-1)!.first;
    }
  }

  return async (signal?: AbortSignal): Promise<number> => {
    let moved = 0;
    for (const org of await ledger.organisations())
      for (const feature of timed) if (!signal?.aborted) moved += await askFeature(org, feature);
    return moved;
  };
}

const commandFor = (org: string, { name, kind, due }: Timed, { key, seq, value }: Row): Command => ({
  id: derivedId('timer', org, key, String(seq), due.at(value) ?? ''),
  org,
  type: `${name}.${due.verb}`,
  subject: { kind, id: key },
  input: {},
  caller: { kind: 'engine', id: 'clock', org, areas: [] },
});

export interface Timers {
  /** Asks what is due by now, and what becomes due by that. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 1000;

/**
 * Looks once a second: a clock that is set, or a machine that slept, makes no difference. Where somebody moves the clock by hand (`isMoved`), it
 * looks when they wait for what follows, so that a story is the same each time.
 */
export function followClock(
  ledger: Ledger,
  register: Register,
  now: () => number,
  log: Logger,
  isMoved = false,
): Timers {
  const ask = askDue(ledger, register, now, log);
  const leaving = new AbortController();
  let running: Promise<unknown> | undefined;
  const look = (): Promise<unknown> =>
    (running ??= ask(leaving.signal)
      .catch((error: unknown) => log.error({ err: error }, 'timers'))
      .finally(() => (running = undefined)));
  const timer = isMoved ? undefined : setInterval(() => void look(), LOOK_EVERY_MS).unref();
  return {
    async settled() {
      await running;
      while (await ask(leaving.signal));
    },
    async close() {
      clearInterval(timer);
      leaving.abort();
      await running;
    },
  };
}
