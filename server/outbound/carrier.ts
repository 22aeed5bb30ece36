/**
 * Carries out what is ready to leave: many lanes at once, each of them one thing at a time, none of an organisation's at the cost of
 * another's (L14). What is ready stands in tables; nothing is kept here that a restart could lose.
 */
import type { Logger } from 'pino';

export interface Job {
  readonly org: string;
  /** Names its lane: two jobs of one lane never run together. */
  readonly lane: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface Carrier {
  /** Looks now. */
  poke(): void;
  /** Resolves when nothing is under way and nothing is ready. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const MOST_AT_ONCE = 32;
const MOST_OF_ONE = 4;
const LOOK_EVERY_MS = 1000;
/** A lane whose work broke (a full disk) is left alone for so long. */
const BROKEN_MS = 5000;

export function createCarrier(find: () => Promise<readonly Job[]>, log: Pick<Logger, 'error'>): Carrier {
  const flying = new Map<string, { readonly org: string; readonly done: Promise<void> }>();
  const broken = new Set<string>();
  const leaving = new AbortController();
  let looking: Promise<void> | undefined;
  let isLookedForAgain = false;

  const keyOf = ({ org, lane }: Job): string => `${org}/${lane}`;

  function start(job: Job): void {
    const key = keyOf(job);
    const done = job
      .run(leaving.signal)
      .catch((error: unknown) => {
        if (leaving.signal.aborted) return;
        log.error({ org: job.org, lane: job.lane, err: error }, 'outbound');
        broken.add(key);
        setTimeout(() => broken.delete(key), BROKEN_MS).unref();
      })
      .finally(() => {
        flying.delete(key);
        poke();
      });
    flying.set(key, { org: job.org, done });
  }

  async function look(): Promise<void> {
    do {
      isLookedForAgain = false;
      for (const job of await find()) {
        const key = keyOf(job);
        if (leaving.signal.aborted || flying.size >= MOST_AT_ONCE) break;
        const ofOne = [...flying.values()].filter(({ org }) => org === job.org).length;
        if (!flying.has(key) && !broken.has(key) && ofOne < MOST_OF_ONE) start(job);
      }
    } while (isLookedForAgain && !leaving.signal.aborted);
  }

  function poke(): void {
    if (leaving.signal.aborted) return;
    isLookedForAgain = true;
    looking ??= look()
      .catch((error: unknown) => log.error({ err: error }, 'outbound'))
      .finally(() => {
        looking = undefined;
        // Asked for between the last look and this line.
        if (isLookedForAgain) poke();
      });
  }

  const timer = setInterval(poke, LOOK_EVERY_MS);
  timer.unref();
  return {
    poke,
    async idle() {
      for (;;) {
        poke();
        await looking;
        if (!flying.size) return;
        await Promise.race([...flying.values()].map(({ done }) => done));
      }
    },
    async close() {
      clearInterval(timer);
      leaving.abort();
      await looking;
      await Promise.all([...flying.values()].map(({ done }) => done));
    },
  };
}
