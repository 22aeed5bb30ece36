/** What a note may look at while it is written; everything it looked at is remembered, so that it is written again when that changes. */
import type { Subject } from '../shared/kernel/event.ts';
import { shortNumber } from '../shared/kernel/ids.ts';
import { inline, namesOf } from '../shared/kernel/markdown.ts';
import type { Named, Surroundings } from '../shared/kernel/note.ts';
import type { Register } from '../shared/kernel/register.ts';
import type { View } from './provisional-tx.ts';
import { keyOf, type Held } from './replica.ts';
import { inNotesWords } from './words/index.ts';

export type Bundle = ReadonlyMap<string, Uint8Array>;

export interface Watched {
  readonly around: Surroundings;
  /** Keys of streams, and `KIND/*` for all of a kind. */
  readonly lookedAt: ReadonlySet<string>;
  /** Streams of which it says no more than what they are called. */
  readonly mentioned: ReadonlySet<string>;
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

/** What a stream is called: in the words of whoever mentions it, and as its note. */
const calling = (register: Register, held: Held, zone: string): string => {
  const { titleOf, note } = register.byKind.get(held.kind)!;
  return JSON.stringify([titleOf(held.state), held.number, note?.name(held.state, held, zone)]);
};

/** It has another name than the server knows, or one that only this device knows. */
function isNamedHere(replica: View, held: Held, zone: string): boolean {
  if (!isUnconfirmed(held)) return false;
  const before = replica.confirmed(held);
  return !before || calling(replica.register, before, zone) !== calling(replica.register, held, zone);
}

/** All that notes which mention it say of it. While this stays the same, they do. */
export function mentionOf(replica: View, subject: Subject, zone: string): string | undefined {
  const held = replica.get(subject);
  return held && `${calling(replica.register, held, zone)}${isNamedHere(replica, held, zone)}`;
}

/** Actors of kind `user` are people; the kernel says so. */
const PEOPLE = 'user';

export function surroundings(
  replica: View,
  organisation: { readonly name: string; readonly zone: string },
  bundles: ReadonlyMap<string, Bundle>,
): Watched {
  const lookedAt = new Set<string>();
  const mentioned = new Set<string>();
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
  const mention = (subject: Subject): Held | undefined => {
    mentioned.add(keyOf(subject));
    const held = replica.get(subject);
    isWaiting ||= held !== undefined && isNamedHere(replica, held, organisation.zone);
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
      const held = mention({ kind: PEOPLE, id });
      return held ? titleOf(held) : inNotesWords.somebody;
    },
    linkToPerson(id) {
      const held = mention({ kind: PEOPLE, id });
      return held ? link('People', titleOf(held)) : inline(around.userName(id));
    },
    linkToPlace: (place) => link('Places', place),
    linkTo(subject) {
      const held = mention(subject);
      const feature = held && replica.register.byKind.get(held.kind);
      if (!held || !feature) return undefined;
      linked.add(keyOf(held));
      return feature.note?.name(held.state, held, organisation.zone);
    },
    state: (subject) => tell(get(subject))?.state,
    refOf(subject) {
      const held = mention(subject);
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
  return { around, lookedAt, mentioned, linked, named, newest: () => newest, isWaiting: () => isWaiting };
}
