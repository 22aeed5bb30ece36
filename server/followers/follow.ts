/**
 * A follower hears every event of every organisation, in order, at least once. Organisations do not wait for each other (L14).
 * What it throws stops it for that organisation, loudly: going on would lose an event.
 */
import type { Logger } from 'pino';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import type { Cursors } from './cursors.ts';

const PAGE = 200;
/** What is heard at once, and may be heard again at once after a crash. */
const AT_ONCE = 25;

export interface Follower {
  /** Resolves when everything recorded up to now has been heard, and whatever followed from it. Rejects when it has stopped. */
  settled(): Promise<void>;
  /** Why it stopped, or undefined. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

interface Line {
  at: number;
  kept: number;
  running: Promise<void> | undefined;
  stopped: Error | undefined;
}

export async function follow(
  name: string,
  ledger: Ledger,
  cursors: Cursors,
  log: Logger,
  /** Some events of one organisation, in order. */
  hear: (events: readonly FeedEvent[], signal: AbortSignal) => Promise<void>,
): Promise<Follower> {
  const lines = new Map<string, Line>();
  const leaving = new AbortController();

  const lineOf = (org: string): Line => {
    let line = lines.get(org);
    if (!line) {
      const at = cursors.get(name, org);
      line = { at, kept: at, running: undefined, stopped: undefined };
      lines.set(org, line);
    }
    return line;
  };

  const keep = (org: string, line: Line) => {
    if (line.kept === line.at) return;
    cursors.set(name, org, line.at);
    line.kept = line.at;
  };

  async function run(org: string, line: Line): Promise<void> {
    for (;;) {
      const events = await ledger.events(org, line.at, PAGE);
      if (!events.length) return keep(org, line);
      for (let at = 0; at < events.length; at += AT_ONCE) {
        if (leaving.signal.aborted) return;
        const some = events.slice(at, at + AT_ONCE);
        await hear(some, leaving.signal);
        line.at = some.at(-1)!.seq;
      }
      if (line.at - line.kept >= PAGE) keep(org, line);
    }
  }

  function wake(org: string): void {
    const line = lineOf(org);
    if (line.running || line.stopped || leaving.signal.aborted) return;
    line.running = run(org, line)
      .catch((error: unknown) => {
        if (leaving.signal.aborted) return;
        line.stopped = error as Error;
        log.error({ follower: name, org, seq: line.at + 1, err: error }, 'follower stopped');
      })
      .then(async () => {
        line.running = undefined;
        // A commit between the last look and this line rang while we still counted as running.
        if (!line.stopped && !leaving.signal.aborted && (await ledger.head(org)) > line.at) wake(org);
      });
  }

  const deaf = ledger.onCommit(wake);
  for (const org of await ledger.organisations()) wake(org);

  return {
    async settled() {
      for (;;) {
        const orgs = await ledger.organisations();
        for (const org of orgs) {
          const line = lineOf(org);
          while (!line.stopped && line.at < (await ledger.head(org))) {
            wake(org);
            await line.running;
          }
          if (line.stopped) throw line.stopped;
        }
        const heads = await Promise.all(orgs.map(async (org) => (await ledger.head(org)) === lineOf(org).at));
        if (heads.every(Boolean)) return;
      }
    },
    trouble() {
      for (const [, line] of lines) if (line.stopped) return `The follower ${name} has stopped; the log says why.`;
      return undefined;
    },
    async close() {
      deaf();
      leaving.abort();
      await Promise.all([...lines.values()].map(async ({ running }) => running));
      for (const [org, line] of lines) keep(org, line);
    },
  };
}
