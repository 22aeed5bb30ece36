/**
 * Tells connected systems what they are to hear (a feature's `tells`): in the ledger's order, at least once, each message under an
 * Idempotency-Key of its own. Every connection has a cursor in the feed and a ladder of attempts; none waits for another (L14). What a
 * system refuses for good is skipped and stands as a fault of its connection; what it cannot take now is tried until it can.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TellTo } from '../../shared/kernel/connection.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import { select } from '../../shared/kernel/read.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { FOR_MACHINES, waitAfter } from '../outbound/ladder.ts';
import type { Answered, Post } from '../outbound/post.ts';
import type { SecretStore } from '../host/secrets.ts';
import { connectionsIn, faultsOf, secretFor, type ConnectionFeature } from './connections.ts';
import type { Cursors } from './cursors.ts';
import { follow } from './follow.ts';

const PAGE = 200;
/** So many failures in a row, and the connection says that it does not work. */
const TELL_AFTER = 5;
const LONGEST_WAIT_MS = FOR_MACHINES.at(-1)!;
/** The message is at fault, not the moment: it will not be taken later either. */
const REFUSED: readonly number[] = [400, 409, 413, 415, 422];

export interface Means {
  readonly ledger: Ledger;
  readonly register: Register;
  readonly cursors: Cursors;
  readonly secrets: SecretStore;
  readonly post: Post;
  readonly now: () => number;
  readonly chance: () => number;
  readonly log: Logger;
  /** Until the next attempt; a test moves the clock instead. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

export interface Teller {
  /** Resolves when every connection has been told all, or waits for its next attempt. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Line {
  running: Promise<void> | undefined;
  /** The settings that the latest attempt was made with. */
  used: string | undefined;
  /** Ends a wait: the connection's settings have changed, or the server leaves. */
  waiting: AbortController | undefined;
}

export async function followTellings(means: Means): Promise<Teller> {
  const { ledger, register, cursors, log } = means;
  const feature = connectionsIn(register);
  const bell = { settled: async () => undefined, close: async () => undefined };
  if (!feature) return bell;
  const lines = new Map<string, Line>();
  const leaving = new AbortController();
  const tellsOf = (event: FeedEvent) => register.events.get(event.type)?.feature.tells?.[event.type]?.(event as never);

  function wake(org: string, id: string): void {
    const key = `${org}/${id}`;
    const line = lines.get(key) ?? { running: undefined, used: undefined, waiting: undefined };
    lines.set(key, line);
    if (line.running || leaving.signal.aborted) return;
    line.running = tellAll(means, feature!, { org, id }, line, leaving.signal)
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) log.error({ org, connection: id, err: error }, 'telling stopped');
        return false;
      })
      .then((more) => {
        line.running = undefined;
        if (more) wake(org, id);
      });
  }

  async function wakeAll(org: string): Promise<void> {
    for (const { key } of await ledger.load(org, select(feature!.name))) wake(org, key);
  }

  const hear = async (event: FeedEvent): Promise<void> => {
    const telling = tellsOf(event);
    if (telling) wake(event.org, telling.connection);
    if (event.subject.kind !== feature.kind) return;
    const line = lines.get(`${event.org}/${event.subject.id}`);
    // A fault is an event of the connection too, and no reason to try at once.
    const isOther =
      line?.waiting && usedNow(await tellTo(means, feature, { org: event.org, id: event.subject.id })) !== line.used;
    if (isOther) line.waiting?.abort();
    wake(event.org, event.subject.id);
  };
  const follower = await follow('tellings', ledger, cursors, log, async (events) => {
    for (const event of events) await hear(event);
  });
  for (const org of await ledger.organisations()) await wakeAll(org);

  return {
    async settled() {
      await follower.settled();
      for (;;) {
        const busy = [...lines.values()].filter(({ running, waiting }) => running && !waiting);
        if (!busy.length) return;
        await Promise.race([...busy.map(({ running }) => running), sleep(5)]);
      }
    },
    async close() {
      leaving.abort();
      for (const { waiting } of lines.values()) waiting?.abort();
      await follower.close();
      await Promise.all([...lines.values()].map(async ({ running }) => running));
    },
  };
}

const usedNow = (to: TellTo | null): string => JSON.stringify(to);

interface Of {
  readonly org: string;
  readonly id: string;
}

/** Answers whether there was more when it looked last: a bell that rang meanwhile was not heard. */
async function tellAll(
  means: Means,
  feature: ConnectionFeature,
  of: Of,
  line: Line,
  leaving: AbortSignal,
): Promise<boolean> {
  const { ledger, register, cursors } = means;
  const cursor = `tellings/${of.id}`;
  for (let kept = cursors.get(cursor, of.org); ;) {
    const to = await tellTo(means, feature, of);
    if (!to) return false;
    const events = await ledger.events(of.org, Math.max(kept, to.since), PAGE);
    for (const event of events) {
      const telling = register.events.get(event.type)?.feature.tells?.[event.type]?.(event as never);
      if (telling?.connection === of.id && !(await tell(means, feature, of, line, event, telling.message, leaving)))
        return false;
      if (telling?.connection === of.id) cursors.set(cursor, of.org, (kept = event.seq));
    }
    const last = events.at(-1);
    if (!last) return (await ledger.head(of.org)) > Math.max(kept, to.since);
    if (last.seq > kept) cursors.set(cursor, of.org, (kept = last.seq));
  }
}

const tellTo = async ({ ledger }: Means, { kind, connections }: ConnectionFeature, { org, id }: Of) => {
  const stream = await ledger.stream(org, kind, id);
  return stream ? connections.of(stream.state).tells : null;
};

/** Until it was taken or refused for good; false when it is not to be told any more, or the server leaves. */
async function tell(
  means: Means,
  feature: ConnectionFeature,
  of: Of,
  line: Line,
  event: FeedEvent,
  message: Readonly<Record<string, unknown>>,
  leaving: AbortSignal,
): Promise<boolean> {
  const { now, chance, wait = (ms, signal) => sleep(ms, undefined, { signal }) } = means;
  const faults = faultsOf(means.ledger, feature, of, 'status');
  for (let failures = 0; !leaving.aborted;) {
    const to = await tellTo(means, feature, of);
    if (!to) return false;
    line.used = usedNow(to);
    const answer = await attempt(means, of, to, event, message, leaving);
    if (leaving.aborted) return false;
    if ('status' in answer && answer.status >= 200 && answer.status < 300) {
      await faults.over();
      return true;
    }
    const why = 'status' in answer ? `It was answered with ${answer.status}.` : answer.problem;
    if ('status' in answer && REFUSED.includes(answer.status)) {
      await faults.note(`A message was refused and is not sent again: ${describe(message)}. ${why}`);
      return true;
    }
    failures += 1;
    if (failures === TELL_AFTER || ('status' in answer && answer.status === 410)) await faults.note(why);
    const pause =
      waitAfter(FOR_MACHINES, failures, 'status' in answer ? answer : {}, { now: now(), chance: chance() }) ??
      LONGEST_WAIT_MS;
    line.waiting = new AbortController();
    await wait(pause, AbortSignal.any([line.waiting.signal, leaving])).catch(() => (failures = 0));
    line.waiting = undefined;
  }
  return false;
}

const describe = ({ orderId, status }: Readonly<Record<string, unknown>>): string =>
  [orderId, status].filter((part) => typeof part === 'string').join(' ');

async function attempt(
  { post, secrets }: Means,
  { org, id }: Of,
  to: TellTo,
  event: FeedEvent,
  message: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Answered | { readonly problem: string }> {
  const secret = secretFor(secrets, org, id, to.secret);
  const headers = {
    'content-type': 'application/json',
    // The same at every attempt: whoever hears it twice can tell.
    'idempotency-key': event.id,
    ...(secret === undefined ? {} : { authorization: secret }),
  };
  try {
    return await post({ url: to.url, headers, body: JSON.stringify(message), signal });
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
