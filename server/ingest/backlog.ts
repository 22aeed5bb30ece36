/**
 * Deliveries that came too fast: stored first, then worked off together, so that a storm costs no more than its conditions. Whoever is killed in
 * between does the same again: the ids of what is asked follow from the delivery, and the conditions make nothing of a repeat (L4).
 */
import { setImmediate as soon, setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Transition } from '../../shared/features/alarms/contract.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import type { Reading } from './adapter.ts';
import type { Known } from './authenticate.ts';
import { speaking } from './coalesce.ts';
import type { IntakeStore, Sender, Stored } from './intake-store.ts';
import { noteTrouble } from './own-alarms.ts';
import { inOurTime, readDelivery } from './read-delivery.ts';
import { recordDelivery, type Means } from './receive.ts';

/** As many of one sender are taken together. */
const AT_ONCE = 5000;
const AT_ONCE_BYTES = 16 * 1024 * 1024;
/** From one lot of a sender to its next: what comes meanwhile is taken together, and an alarm that is new waits no longer than this. */
const EVERY_MS = 5000;

export interface Backlog {
  /** How many of this sender wait. */
  count(known: Known): number;
  /** Durable when it resolves. */
  add(known: Known, delivery: Stored, key: string | null): Promise<void>;
  wake(): void;
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  readonly means: Means;
  readonly store: IntakeStore;
  readonly log: Pick<Logger, 'error'>;
  readonly unreadable: (known: Known) => void;
}

interface Waiting {
  readonly delivery: Stored;
  readonly key: string | null;
  readonly at: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export function createBacklog({ means, store, log, unreadable }: Parts): Backlog {
  const counts = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  /** By sender: when its next turn comes, on the clock of this process. */
  const next = new Map<string, number>();
  let hurry = new AbortController();
  let isHurried = false;
  let isLeaving = false;
  let arriving: Waiting[] = [];

  const countOf = (org: string, integration: string): number => {
    const found = counts.get(integration) ?? store.waitingCount({ org, integration });
    counts.set(integration, found);
    return found;
  };

  /** All that came in one turn of the loop in one transaction. */
  function write(): void {
    const all = arriving;
    arriving = [];
    try {
      store.wait(all);
      for (const { done } of all) done();
    } catch (error) {
      for (const { failed } of all) failed(error);
    }
    for (const { delivery } of all) counts.delete(delivery.integration);
    wake();
  }

  async function lot(sender: Sender): Promise<void> {
    const rows = store.waiting(sender, AT_ONCE, AT_ONCE_BYTES);
    if (rows.length) await together(sender, rows);
    counts.delete(sender.integration);
  }

  async function together({ org, integration }: Sender, rows: readonly Stored[]): Promise<void> {
    const stream = await means.ledger.stream(org, 'integration', integration);
    const known: Known = { org, id: integration, state: stream!.state as IntegrationState };
    if (known.state.troubles.storm === undefined) {
      const detail = 'More came than is worked off one by one. All of it is stored, and worked off together.';
      await noteTrouble(means, known, { trouble: 'storm', since: rows[0]!.receivedAt, detail });
    }
    const read: Read[] = [];
    for (const [i, row] of rows.entries()) {
      // Between them people's commands have their turn.
      if (i % 50 === 49) await soon();
      const reading = readDelivery(known.state, row);
      if (!isRefusal(reading)) {
        read.push({ row, reading: inOurTime(reading, row.receivedAt) });
        continue;
      }
      store.unreadable(row, { code: reading.refused, detail: reading.detail });
      unreadable(known);
    }
    const settled: { id: string; delivery: string | null }[] = [];
    let last = rows[0]!.id;
    for (const part of partsOf(read)) {
      const { row, transitions, places, others, reading } = part;
      const isEmpty = !transitions.length && !reading.lost?.length;
      if (isEmpty) {
        settled.push({ id: row.id, delivery: last });
        continue;
      }
      const warnings = others
        ? [...reading.warnings.slice(0, 19), `${others} other message(s) about the same were taken together with this.`]
        : reading.warnings;
      const { org, integration, headers, body, receivedAt, via } = row;
      const caller = { kind: 'integration', id: integration, org, areas: [] } as const;
      const received = await recordDelivery(means, caller, {
        ...{ integration, headers, body, receivedAt, via, area: known.state.area, delivery: row.id },
        ...{ reading: { ...reading, transitions, warnings }, repeatable: true, places },
      });
      last = received.deliveryId;
      settled.push({ id: row.id, delivery: last === row.id ? null : last });
    }
    store.settle(settled);
  }

  /** Waits for the sender's next turn, unless somebody is in a hurry. */
  async function turn(integration: string): Promise<void> {
    const left = (next.get(integration) ?? 0) - performance.now();
    if (left > 0 && !isHurried) await wait(left, undefined, { signal: hurry.signal }).catch(() => undefined);
    next.set(integration, performance.now() + EVERY_MS);
  }

  async function work(sender: Sender): Promise<void> {
    while (countOf(sender.org, sender.integration) > 0) {
      await turn(sender.integration);
      if (isLeaving) return;
      try {
        await lot(sender);
      } catch (error) {
        // It waits still, and its next turn comes.
        if (isLeaving || isHurried) throw error;
        log.error({ ...sender, err: error }, 'what waits could not be worked off');
      }
    }
  }

  function wake(): void {
    if (isLeaving) return;
    for (const sender of store.waitingSenders()) {
      const { integration } = sender;
      if (running.has(integration)) continue;
      running.set(
        integration,
        work(sender).finally(() => running.delete(integration)),
      );
    }
  }

  async function settled(): Promise<void> {
    isHurried = true;
    hurry.abort();
    try {
      for (wake(); running.size; wake()) await Promise.all(running.values());
    } finally {
      isHurried = false;
      hurry = new AbortController();
    }
  }

  return {
    count: ({ org, id }) => countOf(org, id),
    add: ({ id }, delivery, key) =>
      new Promise((done, failed) => {
        counts.set(id, countOf(delivery.org, id) + 1);
        arriving.push({ delivery, key, at: means.now(), done, failed });
        if (arriving.length === 1) setImmediate(write);
      }),
    wake,
    settled,
    async close() {
      isLeaving = true;
      hurry.abort();
      await Promise.allSettled(running.values());
    },
  };
}

interface Read {
  readonly row: Stored;
  readonly reading: Reading;
}

interface Part extends Read {
  readonly transitions: readonly Transition[];
  /** Where they stood in what was read, so that the same one has the same id again. */
  readonly places: readonly number[];
  /** How many others about the same conditions it speaks for. */
  readonly others: number;
}

/** What of each delivery speaks. */
export function partsOf(read: readonly Read[]): Part[] {
  const all = read.flatMap(({ reading }, n) =>
    reading.transitions.map((transition, place) => ({ n, place, transition })),
  );
  const kept = speaking(all.map(({ transition }) => transition));
  const speaker = new Map<string, number>();
  for (const i of kept) speaker.set(all[i]!.transition.conditionKey, all[i]!.n);
  const others = read.map(() => 0);
  for (const [i, { transition }] of all.entries())
    if (!kept.has(i)) others[speaker.get(transition.conditionKey)!]! += 1;
  const own = Map.groupBy(
    [...kept].map((i) => all[i]!),
    ({ n }) => n,
  );
  return read.map((one, n) => ({
    ...one,
    transitions: (own.get(n) ?? []).map(({ transition }) => transition),
    places: (own.get(n) ?? []).map(({ place }) => place),
    others: others[n]!,
  }));
}
