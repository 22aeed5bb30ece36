/**
 * What this device knows: every stream that travels, as the confirmed events left it. Built from a snapshot, moved on by the feed, with
 * the register's own `evolve`; an event that a stream has seen already changes nothing.
 */
import { evolved } from '../shared/kernel/evolved.ts';
import type { Recorded, Subject } from '../shared/kernel/event.ts';
import type { Feature } from '../shared/kernel/feature.ts';
import type { Register } from '../shared/kernel/register.ts';

export interface Held extends Subject {
  readonly number: number | null;
  readonly first: number;
  readonly seq: number;
  readonly state: unknown;
}

export const keyOf = ({ kind, id }: Subject): string => `${kind}/${id}`;

export interface Replica {
  readonly register: Register;
  load(items: readonly Held[]): void;
  /** Keys of the streams that changed; `missing` when the event belongs to a stream that only a new snapshot can bring. */
  apply(events: readonly Recorded[]): { readonly changed: ReadonlySet<string>; readonly missing: boolean };
  get(subject: Subject): Held | undefined;
  /** The same: nothing here is pending. */
  confirmed(subject: Subject): Held | undefined;
  /** In the order of their numbers. */
  all(kind: string): readonly Held[];
  everything(): Iterable<Held>;
  readonly size: number;
}

export function createReplica(register: Register): Replica {
  /** All that was ever heard of: a stream that left this device may come back with its next event. */
  const known = new Map<string, Held>();
  const streams = new Map<string, Held>();
  const byKind = new Map<string, Map<string, Held>>();
  const sorted = new Map<string, readonly Held[]>();
  /** Streams that even a fresh snapshot did not bring: finished long ago, or not for this role. */
  const absent = new Set<string>();

  const put = (held: Held, key = keyOf(held)): void => {
    streams.set(key, held);
    let ofKind = byKind.get(held.kind);
    if (!ofKind) byKind.set(held.kind, (ofKind = new Map<string, Held>()));
    ofKind.set(held.id, held);
    sorted.delete(held.kind);
  };
  const drop = (held: Held): void => {
    streams.delete(keyOf(held));
    byKind.get(held.kind)?.delete(held.id);
    sorted.delete(held.kind);
  };
  const isUnsealed = (id: string): boolean => {
    const { presiding } = register;
    const held = presiding && streams.get(keyOf({ kind: presiding.kind, id }));
    return held !== undefined && !presiding!.presides!.isSealed(held.state);
  };
  const belongs = (feature: Feature, held: Held): boolean => feature.travels?.holds(held.state, isUnsealed) ?? false;

  function advance(event: Recorded, feature: Feature): Held | 'old' | 'missing' {
    const held = known.get(keyOf(event.subject));
    if (held && event.seq <= held.seq) return 'old';
    // Only the event that makes a stream carries its number.
    const number = held ? held.number : (event.body as { readonly number?: unknown })['number'];
    if (!held && typeof number !== 'number')
      return absent.has(keyOf(event.subject)) && !mayReturn(event) ? 'old' : 'missing';
    const state = evolved(feature, held ? held.state : feature.initial, event);
    const next = {
      ...event.subject,
      number: number as number | null,
      first: held?.first ?? event.seq,
      seq: event.seq,
      state,
    };
    known.set(keyOf(next), next);
    return next;
  }

  const get = ({ kind, id }: Subject): Held | undefined => byKind.get(kind)?.get(id);

  return {
    register,
    load(items) {
      known.clear();
      streams.clear();
      byKind.clear();
      sorted.clear();
      for (const item of items) {
        const key = keyOf(item);
        if (register.byKind.has(item.kind)) {
          known.set(key, item);
          put(item, key);
        }
        absent.delete(key);
      }
    },
    apply(events) {
      const changed = new Set<string>();
      let missing = false;
      let sealed = false;
      for (const event of events) {
        const feature = register.events.get(event.type)?.feature;
        if (!feature?.travels) continue;
        const next = advance(event, feature);
        if (next === 'missing') {
          missing = true;
          absent.add(keyOf(event.subject));
        }
        if (typeof next === 'string') continue;
        changed.add(keyOf(next));
        // A shift asks about itself: it must be known before anything is asked of it.
        if (feature === register.presiding || belongs(feature, next)) put(next);
        else drop(next);
        sealed ||= feature === register.presiding && register.presiding.presides!.isSealed(next.state);
      }
      if (sealed) {
        for (const held of streams.values()) {
          if (belongs(register.byKind.get(held.kind)!, held)) continue;
          drop(held);
          changed.add(keyOf(held));
        }
      }
      return { changed, missing };
    },
    get,
    confirmed: get,
    all(kind) {
      let list = sorted.get(kind);
      if (!list) {
        list = [...(byKind.get(kind)?.values() ?? [])].sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity));
        sorted.set(kind, list);
      }
      return list;
    },
    everything: () => streams.values(),
    get size() {
      return streams.size;
    },
  };
}

/** What changes a tracked field, or asks for a look, may bring a stream back that a snapshot had left out; a mere addition does not. */
const mayReturn = ({ body }: Recorded): boolean => body.changes !== undefined || Boolean(body.flags?.length);
