/**
 * "It rings": what waits in a person's lane goes out as one message. Whether it did is on record; at least once, because nothing between two
 * machines is exactly once, and each attempt bears the same id.
 */
import type { Logger } from 'pino';
import type { AreaState } from '../../shared/features/areas/contract.ts';
import { contactsOf, type Channel } from '../../shared/features/contacts/contract.ts';
import { MOST_TASKS } from '../../shared/features/notices/contract.ts';
import { isOver, tasksAmong, type TaskState } from '../../shared/features/tasks/contract.ts';
import { wordingsOf } from '../../shared/features/wordings/contract.ts';
import type { WebhookState } from '../../shared/features/webhooks/contract.ts';
import { derivedId, shortNumber } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import type { Job } from './carrier.ts';
import type { Channels } from './channels.ts';
import type { Delivered } from './delivered.ts';
import { channelKey, LANE, type Ring } from './hearing.ts';
import { FOR_PEOPLE, waitAfter } from './ladder.ts';
import { itemLink } from './link.ts';
import type { Item, Lane, OutboundStore } from './store.ts';
import { placeOf, templateFor, wordsOf, type Told } from './wording.ts';

export interface NoticeMeans {
  readonly ledger: Ledger;
  readonly store: OutboundStore;
  readonly channels: Channels;
  readonly now: () => number;
  /** From [0, 1). */
  readonly chance: () => number;
  readonly log: Pick<Logger, 'warn'>;
}

export const noticesReady = (means: NoticeMeans): readonly Job[] =>
  means.store
    .ready(means.now())
    .filter(({ lane }) => lane.startsWith(LANE))
    .map(({ org, lane }) => ({ org, lane, run: (signal) => tell(means, org, lane, signal) }));

/** A thing to tell, with the item that stands for it. */
interface Entry {
  readonly ring: Ring;
  readonly told: Told;
}

async function tell(means: NoticeMeans, org: string, lane: string, signal: AbortSignal): Promise<void> {
  const { store, ledger, channels, now } = means;
  const items = store.waiting(org, lane, MOST_TASKS);
  const rings = items.map(({ data }) => data as Ring);
  const [first] = rings;
  if (!first) return;
  const [contact] = await ledger.load(org, contactsOf([first.user]));
  const channel = contact?.value.channels.find((one) => channelKey(one) === first.channel);
  const entries = await stillNews(ledger, org, rings);
  const [urgent] = entries;
  // Somebody has seen to it meanwhile, or wants to be rung elsewhere.
  if (!channel || !urgent) return store.done(items, now());
  const templates = await ledger.load(org, wordingsOf(channel.kind));
  const area = commonArea(entries.map(({ ring }) => ring.area));
  const words = wordsOf(
    entries.map(({ told }) => told),
    placeOf(area, await nameOf(ledger, org, area), entries.length > 1),
    urgent.told.priority === null
      ? undefined
      : templateFor(
          templates.map(({ value }) => value),
          contact?.value.language ?? null,
        ),
  );
  const id = derivedId('notice', org, lane, items[0]!.id);
  const { priority, link } = urgent.told;
  const came = await channels[channel.kind]({ ...words, id, address: channel.address, priority, link, signal });
  if (signal.aborted && !came.sent) return;
  await settle(means, { org, lane, id, items, entries, channel, area }, came);
}

interface Tried {
  readonly org: string;
  readonly lane: string;
  readonly id: string;
  readonly items: readonly Item[];
  readonly entries: readonly Entry[];
  readonly channel: Channel;
  readonly area: string | null;
}

async function settle(means: NoticeMeans, tried: Tried, came: Delivered): Promise<void> {
  const { store, now, chance } = means;
  const { org, lane, items } = tried;
  const before: Lane = store.lane(org, lane) ?? { org, lane, at: 0, heeded: 0, failures: 0, notBefore: 0 };
  const failures = before.failures + (came.sent ? 0 : 1);
  if (!came.sent && !came.isFinal) {
    const wait = waitAfter(FOR_PEOPLE, failures, came, { now: now(), chance: chance() });
    if (wait !== undefined) return store.keepLane({ ...before, failures, notBefore: now() + wait });
  }
  await record(means, tried, came, before.failures + 1);
  store.done(items, now());
  if (before.failures) store.keepLane({ ...before, failures: 0, notBefore: 0 });
}

async function record(
  { ledger, log }: NoticeMeans,
  { org, id, entries, channel, area }: Tried,
  came: Delivered,
  attempts: number,
): Promise<void> {
  const [{ ring, told }] = entries as readonly [Entry, ...Entry[]];
  const levels = entries.flatMap(({ told: { level } }) => level ?? []);
  const input = {
    ...{ user: ring.user, channel: channel.kind, why: ring.isSummary ? 'summary' : told.why, priority: told.priority },
    level: levels.length ? Math.max(...levels) : null,
    tasks: entries.filter(({ told: { priority } }) => priority !== null).map((entry) => entry.ring.about),
    ...{ area, attempts, problem: came.sent ? null : came.problem },
  };
  const [outcome] = await ledger.transact([
    {
      id: derivedId('notice-record', id),
      org,
      type: 'notices.record',
      subject: { kind: 'notice', id },
      input,
      caller: { kind: 'engine', id: 'notices', org, areas: [] },
    },
  ]);
  if (!came.sent) log.warn({ org, notice: id, channel: channel.kind, problem: came.problem }, 'notice failed');
  if (outcome?.outcome === 'rejected')
    log.warn({ org, notice: id, refused: outcome.refusal.refused }, 'notice not on record');
}

/** What still asks for somebody, most urgent first; of one task only the latest. */
async function stillNews(ledger: Ledger, org: string, rings: readonly Ring[]): Promise<readonly Entry[]> {
  const latest = [...new Map(rings.map((ring) => [ring.about, ring])).values()];
  const tasks = await ledger.load(org, tasksAmong(latest.map(({ about }) => about)));
  const byId = new Map(tasks.map((row) => [row.key, row]));
  const entries: Entry[] = [];
  for (const ring of latest) {
    const told = ring.priority === null ? await toldOfOther(ledger, org, ring) : toldOfTask(ring, byId.get(ring.about));
    if (told) entries.push({ ring, told });
  }
  return entries.sort((a, b) => (a.told.priority ?? '').localeCompare(b.told.priority ?? ''));
}

function toldOfTask(ring: Ring, row: Row<TaskState> | undefined): Told | undefined {
  if (!row) return undefined;
  const { status, title, priority } = row.value;
  const isTaken = !['open', 'assigned'].includes(status);
  if (ring.why === 'assigned' ? isTaken : isOver(status)) return undefined;
  const ref = shortNumber('T', row.number);
  return { title, priority, ref, link: itemLink('task', row.key), level: ring.level, why: ring.why };
}

async function toldOfOther(ledger: Ledger, org: string, { why, about }: Ring): Promise<Told | undefined> {
  const common = { priority: null, level: null, why };
  if (why === 'test') return { ...common, title: 'Test notice', ref: 'Operary', link: 'obsidian://open' };
  const hook = await ledger.stream(org, 'webhook', about);
  if (!hook) return undefined;
  const { name, status } = hook.state as WebhookState;
  if (status === 'active' || status === 'retired') return undefined;
  return {
    ...common,
    title: `Webhook ${name} is ${status}`,
    ref: shortNumber('B', hook.number),
    link: itemLink('webhook', about),
  };
}

/** The innermost area around all of them. */
export function commonArea(areas: readonly (string | null)[]): string | null {
  const [first, ...rest] = areas.map((area) => area?.split('/') ?? []);
  const common = (first ?? []).filter((_, i, all) =>
    rest.every((other) => all.slice(0, i + 1).join('/') === other.slice(0, i + 1).join('/')),
  );
  return common.length ? common.join('/') : null;
}

async function nameOf(ledger: Ledger, org: string, area: string | null): Promise<string | undefined> {
  if (area === null) return undefined;
  const [row] = await ledger.load(org, select<AreaState>('areas', { where: { path: area }, limit: 1 }));
  return row?.value.name;
}
