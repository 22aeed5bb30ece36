/**
 * Asks connected systems for what is new. A page's cursor is kept only when all its items are recorded, so that a crash asks again, and
 * asking again makes nothing twice (L4). No connection is asked twice at the same time; one that fails is asked less and less often, and
 * after five failures in a row its connection says so.
 */
import type { Logger } from 'pino';
import type { PullFrom } from '../../shared/kernel/connection.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import type { Refusal } from '../../shared/kernel/refusal.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { SecretStore } from '../host/secrets.ts';
import { addressOf, pageOf } from '../ingest/pull/page.ts';
import type { Place, Places } from '../ingest/pull/places.ts';
import type { Get } from '../outbound/get.ts';
import { connectionsIn, faultsOf, secretFor } from './connections.ts';

const LOOK_EVERY_MS = 1000;
const TELL_AFTER = 5;
const LONGEST_PAUSE_MS = 3_600_000;
/** In one go; the next go continues. */
const MOST_PAGES = 100;

export interface PullMeans {
  readonly ledger: Ledger;
  readonly register: Register;
  readonly secrets: SecretStore;
  readonly places: Places;
  readonly get: Get;
  /** Through the door for machines, as if the system had sent it. */
  readonly deliver: (of: Of, item: Uint8Array) => Promise<object | Refusal>;
  readonly now: () => number;
  readonly chance: () => number;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

interface Of {
  readonly org: string;
  readonly id: string;
}

interface Round {
  running: Promise<void> | undefined;
  failures: number;
  dueAt: number;
  /** The settings it was planned by: with others it begins anew. */
  settings: string;
}

/** Asks every system whose time has come; answers how many were asked. */
export function pullDue(means: PullMeans) {
  const { ledger, register, now, chance, log } = means;
  const feature = connectionsIn(register);
  const rounds = new Map<string, Round>();

  function roundOf(of: Of, from: PullFrom): Round {
    const settings = JSON.stringify(from);
    const key = `${of.org}/${of.id}`;
    const known = rounds.get(key);
    if (known && (known.settings === settings || known.running)) return known;
    const round: Round = { running: undefined, failures: 0, dueAt: now(), settings };
    rounds.set(key, round);
    return round;
  }

  async function go(of: Of, from: PullFrom, round: Round, signal: AbortSignal): Promise<void> {
    const began = now();
    const faults = faultsOf(ledger, feature!, of, 'pull');
    try {
      const unread = await pullPages(means, of, from, signal);
      round.failures = 0;
      round.dueAt = began + from.everySeconds * 1000;
      await (unread === undefined ? faults.over() : faults.note(`An item cannot be read: ${unread}`));
    } catch (error) {
      if (signal.aborted) return;
      round.failures += 1;
      const pause = Math.min(from.everySeconds * 1000 * 2 ** round.failures, LONGEST_PAUSE_MS);
      // A fifth either way, so that what failed together does not come back together.
      round.dueAt = now() + Math.max(from.everySeconds * 1000, pause * (0.8 + 0.4 * chance()));
      log.warn({ ...of, failures: round.failures, err: error }, 'pull');
      if (round.failures >= TELL_AFTER) await faults.note((error as Error).message);
    }
  }

  return async (signal: AbortSignal): Promise<number> => {
    if (!feature) return 0;
    const begun: Promise<void>[] = [];
    for (const org of await ledger.organisations()) {
      const rows: readonly Row[] = await ledger.load(org, select(feature.name, { where: feature.connections.pulling }));
      for (const { key: id, value } of rows) {
        const from = feature.connections.of(value).pulls;
        const round = from && roundOf({ org, id }, from);
        if (!round || round.running || round.dueAt > now() || signal.aborted) continue;
        round.running = go({ org, id }, from, round, signal)
          .catch((error: unknown) => log.error({ org, id, err: error }, 'pull'))
          .finally(() => (round.running = undefined));
        begun.push(round.running);
      }
    }
    await Promise.all(begun);
    return begun.length;
  };
}

/** Answers why an item could not be read, if there was one. */
async function pullPages(means: PullMeans, of: Of, from: PullFrom, signal: AbortSignal): Promise<string | undefined> {
  let unread: string | undefined;
  const { get, places, secrets } = means;
  const secret = secretFor(secrets, of.org, of.id, from.secret);
  const kept = places.get(of.org, of.id);
  let place: Place = kept?.url === from.url ? kept : { url: from.url, cursor: null, etag: null };
  for (let page = 0; page < MOST_PAGES && !signal.aborted; page++) {
    const address = addressOf(from, place.cursor);
    const isKnown = place.etag?.address === address;
    const answer = await get({
      url: address,
      headers: {
        ...(secret === undefined ? {} : { authorization: secret }),
        ...(isKnown ? { 'if-none-match': place.etag!.tag } : {}),
      },
      signal,
    });
    if (answer.status === 304) return unread;
    if (answer.status !== 200) throw new Error(`It was answered with ${answer.status}.`);
    const read = pageOf(answer.body, from);
    if ('problem' in read) throw new Error(read.problem);
    for (const item of read.items) {
      const problem = await take(means, of, item, signal);
      unread ??= problem;
    }
    if (signal.aborted) return unread;
    const hasMore = read.next !== null && read.next !== place.cursor;
    const next: Place = {
      url: from.url,
      cursor: read.next ?? place.cursor,
      etag: answer.etag === undefined ? null : { address, tag: answer.etag },
    };
    if (JSON.stringify(next) !== JSON.stringify(place)) places.set(of.org, of.id, next);
    place = next;
    if (!hasMore) break;
  }
  return unread;
}

/** One that cannot be read holds up none of those behind it. */
async function take(
  { deliver, log }: PullMeans,
  of: Of,
  item: unknown,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const taken = await deliver(of, new TextEncoder().encode(JSON.stringify(item)));
  if (!isRefusal(taken)) return undefined;
  log.warn({ ...of, refused: taken.refused, detail: taken.detail }, 'pulled item');
  return taken.detail;
}

export interface Puller {
  close(): Promise<void>;
}

export function followPulls(means: PullMeans): Puller {
  const leaving = new AbortController();
  const ask = pullDue(means);
  const open = new Set<Promise<unknown>>();
  // A slow system keeps nobody else waiting: each look begins what is due and not under way.
  const timer = setInterval(() => {
    const look: Promise<unknown> = ask(leaving.signal)
      .catch((error: unknown) => means.log.error({ err: error }, 'pulls'))
      .finally(() => open.delete(look));
    open.add(look);
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      leaving.abort();
      await Promise.all(open);
    },
  };
}
