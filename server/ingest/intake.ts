/**
 * What happens to a delivery whose sender is known: told apart from those that came before, held back where too many come, read, recorded. What
 * cannot be read is kept where an admin sees it, and never on record.
 */
import type { Logger } from 'pino';
import { conditionId } from '../../shared/features/alarms/contract.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import type { Caller } from '../../shared/kernel/command.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { SecretStore } from '../host/secrets.ts';
import { messageName } from './adapters.ts';
import type { Known } from './authenticate.ts';
import { createBacklog, type Backlog } from './backlog.ts';
import type { IntakeStore, KnownMessage, Stored } from './intake-store.ts';
import { createLimits } from './limits.ts';
import { inOurTime, readDelivery } from './read-delivery.ts';
import { recordDelivery, tellingHeaders, type Means, type Received } from './receive.ts';
import { createWatch, type Watch } from './watch.ts';

export interface Given {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** How the sender proved who it is. */
  readonly via: string;
}

/** By an admin: past the limits and the names of messages. */
export interface Again {
  readonly rerunOf?: string;
  readonly isLinked?: boolean;
  readonly test?: true;
  readonly receivedAt?: string;
}

export interface Intake {
  readonly means: Means;
  readonly store: IntakeStore;
  readonly secrets: SecretStore;
  readonly watch: Watch;
  readonly backlog: Backlog;
  /** From a sender that has proved who it is. */
  take(known: Known, given: Given, again?: Again): Promise<Received | Refusal>;
  /** Keeps what was refused before anybody read it; answers the refusal. */
  turnAway(known: Known, given: Given, why: Refusal): Refusal;
  /** A sign of life. */
  heard(known: Known): Promise<void>;
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  readonly means: Means;
  readonly store: IntakeStore;
  readonly secrets: SecretStore;
  readonly log: Pick<Logger, 'error'>;
  /** So many of one sender may wait before it is told to, if it is a patient one. */
  readonly mostWaiting?: number;
}

/** Senders that understand 429 and come again; the others are never told to wait. */
const PATIENT: readonly IntegrationState['kind'][] = ['generic', 'standard-webhooks', 'pagerduty', 'cloudevents'];
const MOST_WAITING = 3000;
const RETRY_SECONDS = 30;
/** A repeat of the same bytes so soon is the same message, where its sender gives it no name and nothing else came between. */
const SAME_BYTES_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const LOOK_EVERY_MS = 1000;

export function createIntake({ means, store, secrets, log, mostWaiting = MOST_WAITING }: Parts): Intake {
  const { now, random } = means;
  const limits = createLimits();
  const inFlight = new Map<string, Promise<unknown>>();
  /** By sender: the last delivery without a name. */
  const latest = new Map<string, KnownMessage>();
  const senderOf = ({ org, id }: Known) => ({ org, integration: id });

  const backlog = createBacklog({ means, store, log, unreadable: (known) => watch.count(known, 'unreadable') });
  const isCalm = (known: Known) =>
    backlog.count(known) === 0 && limits.isWithin(now(), senderOf(known), known.state.limits);
  const watch = createWatch({ means, store, isCalm });

  const storedFrom = (known: Known, { headers, body, via }: Given, sha256: string, receivedAt: string): Stored => ({
    ...senderOf(known),
    id: uuidV7(now(), random(10)),
    receivedAt,
    sha256,
    via,
    headers: {
      ...tellingHeaders(headers),
      ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'].slice(0, 200) }),
    },
    body,
  });

  function turnAway(known: Known, given: Given, why: Refusal): Refusal {
    const delivery = storedFrom(known, given, sha256Hex(given.body), utc(now()));
    store.refuse(delivery, { code: why.refused, detail: why.detail });
    watch.count(known, 'unreadable');
    return { ...why, extra: { ...why.extra, deliveryId: delivery.id } };
  }

  async function record(known: Known, given: Given, again: Again): Promise<Received | Refusal> {
    const receivedAt = again.receivedAt ?? utc(now());
    const { headers, body, via } = given;
    const read = readDelivery(known.state, { headers, body, receivedAt });
    if (isRefusal(read)) return again.rerunOf ? read : turnAway(known, given, read);
    const timely = inOurTime(read, receivedAt);
    const reading = again.test
      ? { ...timely, transitions: timely.transitions.map((transition) => ({ ...transition, quiet: true })) }
      : timely;
    const caller: Caller = { kind: 'integration', id: known.id, org: known.org, areas: [] };
    return recordDelivery(means, caller, {
      ...{ integration: known.id, headers, body, area: known.state.area, receivedAt, reading, via },
      delivery: uuidV7(now(), random(10)),
      ...(again.rerunOf === undefined ? {} : { rerunOf: again.rerunOf, isLinked: again.isLinked ?? false }),
      ...(again.test ? { test: true as const } : {}),
    });
  }

  /** Said before: what it says is read, so that its sender hears of every part, and nothing is asked of the ledger. */
  function duplicate(known: Known, { headers, body }: Given, sha256: string, before: KnownMessage): Received {
    const read = readDelivery(known.state, { headers, body, receivedAt: utc(now()) });
    const transitions = isRefusal(read) ? [] : read.transitions;
    return {
      status: 'duplicate',
      deliveryId: before.delivery,
      results: transitions.map(({ conditionKey, kind }) => ({
        condition: conditionId(known.org, known.id, conditionKey),
        kind,
        status: 'duplicate',
      })),
      warnings:
        before.sha256 === sha256
          ? []
          : ['This id came before with another body. The first one counts; give each its own.'],
    };
  }

  async function hold(known: Known, given: Given, sha256: string, name: string | null): Promise<Received | Refusal> {
    if (backlog.count(known) >= mostWaiting && PATIENT.includes(known.state.kind))
      return refuse(
        'too-many-deliveries',
        `${mostWaiting} deliveries wait to be worked off. Send this again in ${RETRY_SECONDS} seconds.`,
        { extra: { retryAfter: RETRY_SECONDS } },
      );
    const delivery = storedFrom(known, given, sha256, utc(now()));
    await backlog.add(known, delivery, name);
    return { status: 'coalesced', deliveryId: delivery.id, results: [], warnings: [] };
  }

  async function admit(known: Known, given: Given, sha256: string, name: string | null) {
    const sender = senderOf(known);
    const before = name === null ? sameBytes(known, sha256) : store.known(sender, name);
    if (before) return duplicate(known, given, sha256, before);
    const isWithin = limits.take(now(), sender, known.state.limits);
    // Those that wait came first.
    if (!isWithin || backlog.count(known) > 0) return hold(known, given, sha256, name);
    const received = await record(known, given, {});
    if (isRefusal(received)) return received;
    const message = { delivery: received.deliveryId, sha256, at: now() };
    if (name === null) latest.set(known.id, message);
    else {
      latest.delete(known.id);
      store.remember(sender, name, message);
    }
    return received;
  }

  function sameBytes({ id }: Known, sha256: string): KnownMessage | undefined {
    const last = latest.get(id);
    return last?.sha256 === sha256 && now() - last.at < SAME_BYTES_MS ? last : undefined;
  }

  async function take(known: Known, given: Given, again?: Again): Promise<Received | Refusal> {
    if (again) {
      latest.delete(known.id);
      return record(known, given, again);
    }
    watch.heard(known);
    const name = messageName(known.state.kind, given.headers, given.body);
    const sha256 = sha256Hex(given.body);
    const line = `${known.id} ${name ?? sha256}`;
    // The same message twice at once: the second hears what became of the first.
    for (let first = inFlight.get(line); first; first = inFlight.get(line)) await first.catch(() => undefined);
    const admitted = admit(known, given, sha256, name);
    inFlight.set(line, admitted);
    try {
      return await admitted;
    } finally {
      inFlight.delete(line);
      await watch.back(known);
    }
  }

  let pruned = 0;
  function prune(): void {
    if (now() - pruned < HOUR_MS) return;
    pruned = now();
    store.prune({ messages: pruned - WEEK_MS, coalesced: pruned - WEEK_MS });
  }

  let looking: Promise<unknown> | undefined;
  const look = (): Promise<unknown> =>
    (looking ??= watch
      .look()
      .then(prune)
      .catch((error: unknown) => log.error({ err: error }, 'senders'))
      .finally(() => (looking = undefined)));
  const timer = setInterval(() => {
    backlog.wake();
    void look();
  }, LOOK_EVERY_MS);
  timer.unref();
  backlog.wake();

  return {
    ...{ means, store, secrets, watch, backlog, take, turnAway },
    async heard(known) {
      watch.heard(known);
      await watch.back(known);
    },
    async settled() {
      await looking;
      do await backlog.settled();
      while (await watch.look());
    },
    async close() {
      clearInterval(timer);
      await looking;
      await backlog.close();
      await Promise.allSettled(inFlight.values());
    },
  };
}
