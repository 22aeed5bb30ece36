/** Which notes are to be written, and in which order: who presides now first, then what their notes link to, then the rest in slices. */
import type { Subject } from '../shared/kernel/event.ts';
import type { Named, NoteText, Surroundings } from '../shared/kernel/note.ts';
import type { Notebook } from './notes/notebook.ts';
import type { Breathe } from './notes/ports.ts';
import type { Wanted } from './notes/reconcile.ts';
import type { View } from './provisional-tx.ts';
import { keyOf, type Held } from './replica.ts';
import { isUnconfirmed, mentionOf, organisationIn, surroundings, type Bundle } from './surroundings.ts';

const SLICE = 200;

export interface Scribe {
  begin(organisation: string, head: number): void;
  /** `head`: how far this device has seen now. */
  write(keys: Iterable<string>, head?: number): void;
  /** The streams whose notes tell something of these. */
  affectedBy(changed: ReadonlySet<string>): ReadonlySet<string>;
  writeCurrent(): Promise<void>;
  writeRest(): Promise<void>;
  /** For a look that nobody needs to be told of later. */
  around(): Surroundings;
  readonly organisation: { readonly name: string; readonly zone: string };
}

interface Parts {
  readonly replica: View;
  readonly notebook: Notebook;
  readonly breathe: Breathe;
  readonly bundles: ReadonlyMap<string, Bundle>;
  /** Hears of the people and places that notes link to. */
  readonly named?: (named: readonly Named[]) => void;
  /** What gets no notes by itself. */
  readonly leavesOut?: (held: Held) => boolean;
}

export function createScribe({ replica, notebook, breathe, bundles, leavesOut, named }: Parts): Scribe {
  const { register } = replica;
  const lookedAtBy = new Map<string, Set<string>>();
  const mentionedBy = new Map<string, Set<string>>();
  /** What those who mention it were told. */
  const mentions = new Map<string, string | undefined>();
  const linkedFrom = new Map<string, ReadonlySet<string>>();
  const written = new Set<string>();
  let org = '';
  let head = 0;
  let organisation = { name: '', zone: 'UTC' };

  function write(held: Held): void {
    const { note } = register.byKind.get(held.kind)!;
    if (!note || leavesOut?.(held)) return;
    const key = keyOf(held);
    const watched = surroundings(replica, organisation, bundles);
    const texts = note.write(held.state, held, watched.around);
    for (const other of watched.lookedAt) join(lookedAtBy, other, key);
    for (const other of watched.mentioned) {
      join(mentionedBy, other, key);
      // Not what it is now, if others were told before: they are still to hear of it.
      if (!mentions.has(other)) mentions.set(other, mentionAt(other));
    }
    linkedFrom.set(key, watched.linked);
    written.add(key);
    named?.(watched.named);
    // Half a step further when something in it waits on this device, so that who has seen the same position is not taken to have seen that.
    const half = isUnconfirmed(held) || watched.isWaiting() ? 0.5 : 0;
    const seqOf = (text: NoteText): number =>
      text.sealed ? (text.seq ?? held.seq) : Math.floor(Math.max(held.seq, watched.newest(), text.seq ?? 0)) + half;
    notebook.want(
      key,
      texts.map((text): Wanted => ({ id: held.id, seq: seqOf(text), head: head + 0.5, text })),
    );
  }

  const heldAt = (key: string): Held | undefined => replica.get(subjectOf(key));
  const mentionAt = (key: string): string | undefined => mentionOf(replica, subjectOf(key), organisation.zone);

  /** Who mentions it and must say something else now. */
  function toldOtherwise(key: string): Iterable<string> {
    const now = mentions.has(key) ? mentionAt(key) : undefined;
    if (now === mentions.get(key)) return [];
    mentions.set(key, now);
    return mentionedBy.get(key) ?? [];
  }

  async function inSlices(all: readonly Held[]): Promise<void> {
    for (let i = 0; i < all.length; i++) {
      const held = replica.get(all[i]!);
      if (held && !written.has(keyOf(held))) write(held);
      if (i % SLICE === SLICE - 1) await breathe();
    }
  }

  return {
    get organisation() {
      return organisation;
    },
    begin(id, position) {
      org = id;
      head = position;
      organisation = organisationIn(replica, org);
      written.clear();
      for (const one of [lookedAtBy, mentionedBy, mentions]) one.clear();
    },
    write(keys, position = head) {
      head = position;
      for (const key of keys) {
        const held = heldAt(key);
        if (held) write(held);
      }
    },
    affectedBy(changed) {
      const affected = new Set<string>();
      const { presiding } = register;
      const all = new Set(changed);
      for (const key of changed) all.add(`${key.slice(0, key.indexOf('/'))}/*`);
      // Who presides first, as on the first day.
      const keys = [...changed, ...[...all].flatMap((key) => [...(lookedAtBy.get(key) ?? []), ...toldOtherwise(key)])];
      for (const key of keys) if (presiding && key.startsWith(`${presiding.kind}/`)) affected.add(key);
      for (const key of keys) affected.add(key);
      if ([...changed].some((key) => key.endsWith(`/${org}`))) organisation = organisationIn(replica, org);
      return affected;
    },
    async writeCurrent() {
      const { presiding } = register;
      if (!presiding) return;
      const current = [...replica.all(presiding.kind)]
        .filter(({ state }) => !presiding.presides!.isSealed(state))
        .reverse();
      await inSlices(current);
      const linked = current.flatMap((held) => [...(linkedFrom.get(keyOf(held)) ?? [])]);
      await inSlices([...new Set(linked)].flatMap((key) => heldAt(key) ?? []));
    },
    async writeRest() {
      const rest = [...replica.everything()].filter((held) => !leavesOut?.(held));
      await inSlices(rest.sort((a, b) => b.first - a.first));
    },
    around: () => surroundings(replica, organisation, bundles).around,
  };
}

function join(readers: Map<string, Set<string>>, key: string, reader: string): void {
  const all = readers.get(key);
  if (all) all.add(reader);
  else readers.set(key, new Set([reader]));
}

function subjectOf(key: string): Subject {
  const at = key.indexOf('/');
  return { kind: key.slice(0, at), id: key.slice(at + 1) };
}
