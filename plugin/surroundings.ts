/** What a note may look at while it is written; everything it looked at is remembered, so that it is written again when that changes. */
import type { Subject } from '../shared/kernel/event.ts';
import { shortNumber } from '../shared/kernel/ids.ts';
import { inline, namesOf } from '../shared/kernel/markdown.ts';
import type { Named, Surroundings } from '../shared/kernel/note.ts';
import type { View } from './provisional-tx.ts';
import { keyOf, type Held } from './replica.ts';

export type Bundle = ReadonlyMap<string, Uint8Array>;

export interface Watched {
  readonly around: Surroundings;
  /** Keys of streams, and `KIND/*` for all of a kind. */
  readonly lookedAt: ReadonlySet<string>;
  /** Streams that it links to. */
  readonly linked: ReadonlySet<string>;
  /** People and places that it links to. */
  readonly named: readonly Named[];
  /** The newest position among the streams whose state it read one by one. */
  readonly newest: () => number;
  /** Something that it looked at is not on the server yet. */
  readonly isWaiting: () => boolean;
}

/** The organisation's own stream has the organisation's id. */
export function organisationIn(replica: View, org: string): { readonly name: string; readonly zone: string } {
  for (const held of replica.everything()) {
    if (held.id !== org) continue;
    const { zone } = held.state as { readonly zone?: unknown };
    return {
      name: replica.register.byKind.get(held.kind)!.titleOf(held.state),
      zone: typeof zone === 'string' ? zone : 'UTC',
    };
  }
  return { name: '', zone: 'UTC' };
}

/** Between two positions of the ledger: with something that waits on this device. */
export const isUnconfirmed = ({ seq }: { readonly seq: number }): boolean => !Number.isInteger(seq);

/** Actors of kind `user` are people; the kernel says so. */
const PEOPLE = 'user';

export function surroundings(
  replica: View,
  organisation: { readonly name: string; readonly zone: string },
  bundles: ReadonlyMap<string, Bundle>,
): Watched {
  const lookedAt = new Set<string>();
  const linked = new Set<string>();
  const named: Named[] = [];
  let newest = 0;
  let isWaiting = false;
  const titleOf = (held: Held): string => replica.register.byKind.get(held.kind)!.titleOf(held.state);
  const get = (subject: Subject): Held | undefined => {
    lookedAt.add(keyOf(subject));
    const held = replica.get(subject);
    isWaiting ||= held !== undefined && isUnconfirmed(held);
    return held;
  };
  const tell = (held: Held | undefined): Held | undefined => {
    if (held) newest = Math.max(newest, held.seq);
    return held;
  };
  const link = (folder: Named['folder'], text: string): string => {
    const { name, shown } = namesOf(text);
    if (!name) return inline(text);
    named.push({ folder, name, shown });
    return name === shown ? `[[${name}]]` : `[[${name}|${shown}]]`;
  };
  const around: Surroundings = {
    zone: organisation.zone,
    organisation: organisation.name,
    userName(id) {
      const held = get({ kind: PEOPLE, id });
      return held ? titleOf(held) : 'somebody no longer here';
    },
    linkToPerson(id) {
      const held = get({ kind: PEOPLE, id });
      return held ? link('People', titleOf(held)) : inline(around.userName(id));
    },
    linkToPlace: (place) => link('Places', place),
    linkTo(subject) {
      const held = get(subject);
      const feature = held && replica.register.byKind.get(held.kind);
      if (!held || !feature) return undefined;
      linked.add(keyOf(held));
      return feature.note?.name(held.state, held, organisation.zone);
    },
    state: (subject) => tell(get(subject))?.state,
    refOf(subject) {
      const held = get(subject);
      const letter = replica.register.byKind.get(subject.kind)?.letter;
      return held && letter ? shortNumber(letter, held.number) : undefined;
    },
    all(kind) {
      lookedAt.add(`${kind}/*`);
      const list = replica.all(kind);
      isWaiting ||= list.some(isUnconfirmed);
      return list;
    },
    bundle: (id) => bundles.get(id),
    userByName(name) {
      lookedAt.add(`${PEOPLE}/*`);
      const wanted = name.trim().toLowerCase();
      const found = replica.all(PEOPLE).filter((held) => titleOf(held).toLowerCase() === wanted);
      return found.length === 1 ? found[0]!.id : undefined;
    },
  };
  return { around, lookedAt, linked, named, newest: () => newest, isWaiting: () => isWaiting };
}
