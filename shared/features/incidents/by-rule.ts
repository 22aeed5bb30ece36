/** What only the server decides: what rules open and gather, what people join, when a flood is over. */
import type * as z from 'zod';
import type { Fact, Link } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import type { Loaded, Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { isCausal } from '../../kernel/trail.ts';
import { announcedIn, occurrencesAmong, type Occurrence } from '../alarms/contract.ts';
import { tasksAmong, type TaskState } from '../tasks/contract.ts';
import {
  membershipsOf,
  type commands,
  type IncidentState,
  type Item,
  type Membership,
  type Taken,
} from './contract.ts';
import { endsAt } from './flood.ts';

const FLOOD_WINDOW_MS = 600_000;
/** So many ids fit into one entry of the log with room to spare. */
const MOST_NAMED = 500;

type AskFor<K extends keyof typeof commands> = Ask<z.output<(typeof commands)[K]['input']>>;
type Seen<R extends (...given: never[]) => unknown> = Loaded<ReturnType<R>>;

const ids = (items: readonly Item[], kind: Item['kind']): string[] =>
  items.filter((item) => item.kind === kind).map(({ id }) => id);

export const joinReads = ({ input: { item } }: AskFor<'join'>) => ({
  tasks: tasksAmong(ids([item], 'task')),
  episodes: occurrencesAmong(ids([item], 'occurrence')),
  known: membershipsOf([item.id]),
});

/** The episode that led to a task joins in its place. */
export const joinFurther = (
  _ask: Ask,
  _state: IncidentState,
  { tasks }: { readonly tasks: readonly Row<TaskState>[] },
) => {
  const cause = tasks[0] && causeOf(tasks[0].value);
  const episode = cause?.kind === 'occurrence' ? [cause.id] : [];
  return { before: occurrencesAmong(episode), knownBefore: membershipsOf(episode) };
};
interface Before {
  readonly before?: readonly Row<Occurrence>[];
  readonly knownBefore?: readonly Row<Membership>[];
}

const causeOf = (task: TaskState): Link | undefined => task.upstream.find(({ rel }) => isCausal(rel));

export function join(
  { input: { item } }: AskFor<'join'>,
  seen: Seen<typeof joinReads> & Before,
): readonly Fact[] | Refusal {
  const { tasks, episodes, known, before = [], knownBefore = [] } = seen;
  const [row] = [...tasks, ...episodes];
  if (!row)
    return refuse(
      'unknown-reference',
      `There is no ${item.kind === 'task' ? 'task' : 'episode of an alarm'} with this id.`,
      { fields: [{ field: '/item/id', problem: 'unknown' }] },
    );
  const cause = tasks[0] && causeOf(tasks[0].value);
  if (isMember([...known, ...knownBefore]) || cause?.kind === 'incident') return isPartAlready();
  if (cause && cause.kind !== 'occurrence')
    return refuse(
      'transition-not-allowed',
      'This task follows from another item. Join that one, and this task comes with it.',
    );
  const [episode] = [...episodes, ...before];
  if (!episode) return [joined({ ...item, condition: null, title: row.value.title })];
  const { condition, title } = episode.value;
  return [joined({ kind: 'occurrence', id: episode.key, condition, title })];
}

export const raiseReads = ({ input, now }: AskFor<'raise'>) => ({
  known: membershipsOf(input.items.map(({ id }) => id)),
  earlier: announcedIn(
    input.kind === 'flood' && input.area !== null ? [input.area] : [],
    Date.parse(now) - FLOOD_WINDOW_MS,
    { order: 'oldest', limit: 1 },
  ),
});

export function raise({ input }: AskFor<'raise'>, { known, earlier }: Seen<typeof raiseReads>): readonly Fact[] {
  const { items, at, end = null, area, reason: _reason, occurredAt: _at, ...shown } = input;
  const fresh = withoutMembers(items, known);
  // Its neighbours may be part of another incident by now; a P1 is one alone.
  if (fresh.length < Math.min(items.length, shown.priority === 'P1' ? 1 : 2)) return [];
  const body = { ...shown, area: area ?? '', text: null, firstOut: firstOut(), end };
  return [{ type: 'incident.opened', body }, ...fresh.map(joined)];

  /** The earliest alarm of the last ten minutes, which is most likely nearest to the cause. */
  function firstOut() {
    if (input.kind !== 'flood') return null;
    const [first] = earlier;
    const { id: occurrence, title } = items[0]!;
    return first
      ? { occurrence: first.value.occurrence, at: utc(first.value.at), title: first.value.title }
      : { occurrence, at, title: title ?? '' };
  }
}

export const gatherReads = ({ input }: AskFor<'gather'>) => ({
  known: membershipsOf(input.items.map(({ id }) => id)),
});

export function gather(
  state: IncidentState,
  { input: { items } }: AskFor<'gather'>,
  { known }: Seen<typeof gatherReads>,
): readonly Fact[] {
  const fresh = withoutMembers(items, known);
  if (state.status === 'open') return fresh.map(joined);
  const late = fresh.filter(({ kind }) => kind === 'occurrence').map(({ kind, id }) => ({ kind, id }));
  // Work that follows from it afterwards is part of it all the same.
  const work = fresh.filter(({ kind }) => kind === 'task').map(joined);
  return [...(late.length ? [{ type: 'incident.missed', body: { area: state.area, items: late } }] : []), ...work];
}

export const tickReads = (_ask: unknown, state: IncidentState) => ({
  episodes: occurrencesAmong(ids(state.items, 'occurrence')),
});

export function tick(
  state: IncidentState,
  { now }: AskFor<'tick'>,
  { episodes }: Seen<typeof tickReads>,
): readonly Fact[] {
  const at = state.flood && state.status === 'open' ? endsAt(state.flood) : null;
  if (at === null || now < at) return [];
  const active = episodes.filter(({ value }) => value.active).map(({ key }) => key);
  const body = { joined: episodes.length, active: active.slice(0, MOST_NAMED), stillActive: active.length };
  return [{ type: 'incident.flood_ended', body }];
}

const joined = ({ kind, id, condition, title }: Taken): Fact => ({
  type: 'incident.joined',
  body: { item: { kind, id }, condition, title },
});

const isMember = (known: readonly Row<Membership>[]): boolean => known.some(({ value }) => value.incident !== null);
const withoutMembers = (items: readonly Taken[], known: readonly Row<Membership>[]): readonly Taken[] =>
  items.filter(({ id }) => !isMember(known.filter(({ key }) => key === id)));

const isPartAlready = (): Refusal =>
  refuse('transition-not-allowed', 'This is part of an incident already. Take it out there first, with a reason.');
