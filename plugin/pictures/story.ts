/** A trail told for people: its items with names, what led to which, and what was done, in order. The picture, the table and the diagram tell this. */
import type { Link, Relation, Subject } from '../../shared/kernel/event.ts';
import { duration } from '../../shared/kernel/local-time.ts';
import type { Surroundings } from '../../shared/kernel/note.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Seen, TrailAnswer, TrailEvent } from '../../shared/kernel/trail.ts';
import { layersOf, type Tie } from './layers.ts';
import { changesIn, saidIn, type Names } from './said.ts';
import { trailWords } from '../words/index.ts';

export const keyOf = ({ kind, id }: Subject): string => `${kind}/${id}`;

export interface Step {
  readonly number: number;
  readonly event: TrailEvent;
  /** The item that it belongs to. */
  readonly item: string | undefined;
  readonly who: string;
  readonly what: string;
  readonly said: string;
  readonly changes: readonly string[];
  /** Numbers of the steps that led to it. */
  readonly upstream: readonly number[];
  /** It begins the trail. */
  readonly isRoot: boolean;
}

export interface Item {
  readonly key: string;
  readonly name: string;
  /** `T-192`, or the name where it has no number. */
  readonly short: string;
  /** Base name of its note, where this device has one. */
  readonly note: string | undefined;
  /** The item that was asked for. */
  readonly isFocus: boolean;
  readonly isHidden: boolean;
  readonly first: Step | undefined;
  readonly last: Step | undefined;
  /** `to acknowledge 92 s` */
  readonly times: readonly string[];
}

export interface Story {
  readonly focus: Item;
  readonly root: Item | undefined;
  readonly roots: number;
  /** Nearest to the focus first. */
  readonly items: readonly Item[];
  readonly ties: readonly Tie[];
  readonly steps: readonly Step[];
  /** What was recorded, but true only of what its device had seen. */
  readonly aside: readonly Step[];
  /** Steps from which causes lead to the root. */
  readonly rooted: number;
  /** Where it ends, in a sentence each. */
  readonly ends: readonly string[];
}

/** Where the answer comes from: the server, or what this device holds. */
export type Source = 'server' | 'here';

export function storyOf(
  answer: TrailAnswer,
  register: Register,
  around: Names & Pick<Surroundings, 'linkTo'>,
  source: Source,
): Story {
  const items = new Map(answer.items.map((item) => [keyOf(item), item]));
  const parents = new Map(
    answer.items.map((item) => [keyOf(item), item.parents.filter((one) => items.has(keyOf(one)))]),
  );
  const ties = answer.items.flatMap((item) =>
    parents.get(keyOf(item))!.map((one): Tie => ({ from: keyOf(one), to: keyOf(item), how: howOf(one) })),
  );
  const events = inOrder(answer, register, ties);
  const firstOf = new Map<string, number>();
  const owners = events.map((event, at) => {
    const owner = ownerOf(event, answer, register);
    if (owner !== undefined && !firstOf.has(owner)) firstOf.set(owner, at + 1);
    return owner;
  });
  const steps = events.map((event, at): Step => {
    const item = owners[at];
    const own = item === undefined ? undefined : firstOf.get(item);
    const causes = item !== undefined && own === at + 1 ? (parents.get(item) ?? []) : [];
    return {
      number: at + 1,
      event,
      item,
      who: whoOf(event.actor, around),
      what: event.type.slice(event.type.indexOf('.') + 1).replaceAll('_', ' '),
      said: saidIn(event.body),
      changes: changesIn(event.body, around),
      upstream:
        own === at + 1 ? causes.flatMap((one) => firstOf.get(keyOf(one)) ?? []) : own === undefined ? [] : [own],
      isRoot: own === at + 1 && !(parents.get(item!) ?? []).length,
    };
  });
  const told = answer.items.map((item, at): Item => {
    const key = keyOf(item);
    const own = steps.filter((step) => step.item === key);
    return {
      key,
      name: nameOf(item, source),
      short: item.ref ?? nameOf(item, source),
      note: item.visible ? around.linkTo(item) : undefined,
      isFocus: at === 0,
      isHidden: !item.visible,
      first: own[0],
      last: own.length > 1 ? own.at(-1) : undefined,
      times: timesOf(own, register),
    };
  });
  const root = answer.root ? told.find(({ key }) => key === keyOf(answer.root!)) : undefined;
  const rooted = root ? reaching(root.key, answer) : new Set<string>();
  return {
    focus: told[0]!,
    root,
    roots: answer.roots.length,
    items: told,
    ties,
    steps,
    aside: steps.filter(({ event }) => event.body['aside'] === true),
    rooted: steps.filter(({ item }) => item !== undefined && rooted.has(item)).length,
    ends: endsOf(answer, source),
  };
}

/** As they stand in the log; where their positions are not known by the clock, and what led to something before it. */
function inOrder(answer: TrailAnswer, register: Register, ties: readonly Tie[]): readonly TrailEvent[] {
  if (answer.events.every(({ seq }) => seq !== null)) return [...answer.events].sort((a, b) => a.seq! - b.seq!);
  const layers = layersOf(answer.items.map(keyOf), ties);
  const depth = (event: TrailEvent): number => {
    const owner = ownerOf(event, answer, register);
    return layers.findIndex((layer) => layer.some((key) => key === owner));
  };
  return [...answer.events].sort(
    (a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt) || depth(a) - depth(b) || (a.seq ?? 0) - (b.seq ?? 0),
  );
}

/** Seen from the cause. */
const HOW: Readonly<Partial<Record<Relation, string>>> = {
  caused_by: trailWords.ledTo,
  part_of: trailWords.includes,
  escalated_from: trailWords.escalatedTo,
  follow_up_of: trailWords.followedBy,
};
const howOf = ({ rel }: Link): string => HOW[rel] ?? rel.replaceAll('_', ' ');

/** An item that lives inside the event's stream speaks for the event before the stream does. */
function ownerOf(event: TrailEvent, { items }: TrailAnswer, register: Register): string | undefined {
  const inside = items.find(({ kind, id }) => {
    const found = register.items.get(kind);
    if (found?.feature.kind !== event.subject.kind) return false;
    const { holds } = (found.feature.items as unknown as Insides)[kind]!;
    return holds(event, id);
  });
  const owner = inside ?? items.find((item) => keyOf(item) === keyOf(event.subject));
  return owner && keyOf(owner);
}
type Insides = Readonly<Record<string, { readonly holds: (event: TrailEvent, id: string) => boolean }>>;

const OTHERS: Readonly<Record<string, string>> = {
  integration: trailWords.machine,
  engine: trailWords.rule,
  host: trailWords.server,
};

const whoOf = ({ kind, id }: Subject, around: Pick<Surroundings, 'userName'>): string =>
  OTHERS[kind] ?? (id ? around.userName(id) : trailWords.somebody);

function nameOf(item: Subject & Seen, source: Source): string {
  if (!item.visible) return source === 'server' ? trailWords.notShown : trailWords.notHere;
  return [item.ref, item.title].filter(Boolean).join(' ') || `${item.kind} ${item.id}`;
}

/** From the first event of an item to the first of each kind by which its feature measures. */
function timesOf(own: readonly Step[], register: Register): readonly string[] {
  const start = Date.parse(own[0]?.event.occurredAt ?? '');
  const found = new Map<string, number>();
  for (const { event } of own) {
    const measures = register.events.get(event.type)?.feature.measures as Measures | undefined;
    const measure = event.body['aside'] === true ? undefined : measures?.[event.type];
    const how = measure?.(event.body);
    if (how !== undefined && !found.has(how)) found.set(how, Math.max(0, Date.parse(event.occurredAt) - start));
  }
  return [...found].map(([how, took]) => `${how} ${duration(took)}`);
}
type Measures = Readonly<Record<string, (body: TrailEvent['body']) => string>>;

/** All items from which causes lead up to this one, itself included. */
function reaching(root: string, { items }: TrailAnswer): ReadonlySet<string> {
  const found = new Set([root]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const item of items) if (item.parents.some((one) => found.has(keyOf(one)))) found.add(keyOf(item));
  }
  return found;
}

function endsOf({ items, complete }: TrailAnswer, source: Source): readonly string[] {
  const hidden = items.filter(({ visible }) => !visible).length;
  const partly = items.some(({ visible, more }) => visible && more);
  return [
    ...(source === 'here' ? [trailWords.fromHere] : []),
    ...(hidden && source === 'here' ? [trailWords.partNotHere(hidden)] : []),
    ...(hidden && source === 'server' ? [trailWords.partNotShown(hidden)] : []),
    ...(partly ? [trailWords.moreHappened] : []),
    ...(complete ? [] : [trailWords.cut]),
  ];
}
