/**
 * One note's text and its room. What is new in the note is taken into the room only when the room's own news are here, so that the two
 * are merged as texts, by words, over what both last agreed on; until then it waits in the note, where it is safe. What the server could
 * have of ours, this device has kept before (L12, L13).
 */
import { editsBetween, normalised } from '../../shared/sync/text-merge.ts';
import { ROOM_LIMITS } from '../../shared/sync/room-words.ts';
import { harmless } from '../notes/people.ts';
import { createBrake } from './brake.ts';
import { createEarlier, digestOf } from './earlier.ts';
import { createKeeping } from './keeping.ts';
import { createOwnWords, lateSentence } from './own-words.ts';
import type { Kept } from './ports.ts';
import type { Room } from './room-port.ts';
import { together, type Sides } from './shadow.ts';
import { createTextDoc } from './text-doc.ts';
import { createUnsent } from './unsent.ts';
import { wholeWords } from './whole-words.ts';

/** So often in a row a new copy is tried. */
const RENEWALS = 3;
const LOOKS = 40;

export interface RoomParts {
  readonly now: () => number;
  readonly put: (kept: Kept) => Promise<void>;
  readonly tell: (about: string, sentence: string) => void;
  readonly titleOf: (entity: string) => string;
  /** Whether what others write arrives here just now. */
  readonly isCurrent: (entity: string) => boolean;
  /** Look at the note. */
  readonly refresh: (entity: string) => void;
  /** There is something for the server. */
  readonly changed: (entity: string) => void;
}

export function createRoom(entity: string, kept: Kept | undefined, parts: RoomParts): Room {
  const { tell, titleOf } = parts;
  const unsent = createUnsent();
  const brake = createBrake(parts.now);
  let name = kept?.room ?? undefined;
  let base = kept?.base ?? undefined;
  let storedText = kept?.stored ?? '';
  const earlier = createEarlier(kept?.earlier ?? []);
  const own = createOwnWords();
  let doc = createTextDoc();
  /** The copy holds what the room once held, not just nothing. */
  let isKnown = false;
  let isSealed = false;
  let isClosing = false;
  let held: string | undefined;
  let local: string | undefined;
  let hasLooked = false;
  /** Texts that stood in the note since it was last taken. */
  let looked: readonly string[] = [];
  let isKept = kept !== undefined;
  let renewals = 0;
  let orphan: Omit<Sides, 'remote'> | undefined;
  load();

  function load(): void {
    if (!kept?.state) return;
    try {
      doc = createTextDoc(kept.state);
      isKnown = true;
      if (!kept.isUnsent) return;
      unsent.add(kept.state);
      own.add(editsBetween(storedText, doc.text()));
    } catch {
      doc = createTextDoc();
      if (kept.isUnsent) base = kept.stored ?? undefined;
      tell(
        `prose-store:${entity}`,
        `What this device had kept of ${titleOf(entity)} was damaged and is fetched again. The text in the note stays.`,
      );
    }
  }

  const remote = (): string => harmless(normalised(doc.text()));
  const isNews = (text: string): boolean => (base === undefined ? !isKnown || text !== remote() : text !== base);

  const keeping = createKeeping(() => {
    isKept = true;
    return parts.put({
      entity,
      room: name ?? null,
      base: base ?? null,
      stored: unsent.isEmpty ? null : storedText,
      state: isKnown ? doc.state() : null,
      isUnsent: !unsent.isEmpty,
      earlier: earlier.digests,
    });
  });
  /** Most notes never hold a word: of those there is nothing to keep. */
  const keep = (): Promise<void> => (isKept || base || doc.text() ? keeping.soon() : Promise.resolve());

  /** A new copy without history. What was not stored is new in the note once more. */
  function begin(): void {
    if (!unsent.isEmpty && base !== undefined) base = storedText;
    unsent.clear();
    doc = createTextDoc();
    isKnown = false;
  }

  const isWaiting = (): boolean => {
    if (!unsent.isEmpty || orphan) return true;
    return local !== undefined && isNews(local) && !(base === undefined && local === '');
  };

  function halt(why: string): void {
    held = why;
    // Who only reads need not know that they may not write.
    if (isWaiting()) tell(`prose:${entity}`, `${titleOf(entity)}: ${why}`);
  }

  /** What was written into a note that is away now. */
  function adopt(): void {
    if (!orphan) return;
    take(orphan);
    orphan = undefined;
    parts.changed(entity);
  }

  /** Into the copy; answers what both sides read now, or undefined when it must not be. */
  function take(sides: Omit<Sides, 'remote'>): string | undefined {
    const before = remote();
    const merged = together({ ...sides, remote: before });
    if (merged.length > ROOM_LIMITS.wholeBytes / 2) {
      tell(
        `prose-long:${entity}`,
        `${titleOf(entity)}: the notes are too long to be shared. Move a part of them elsewhere.`,
      );
      return undefined;
    }
    if (merged !== before) {
      if (unsent.isEmpty) storedText = before;
      const edits = wholeWords(doc.text(), editsBetween(doc.text(), merged));
      own.add(edits);
      unsent.add(doc.edit(edits));
    }
    return merged;
  }

  return {
    entity,
    unsent,
    get name() {
      return name;
    },
    get isWaiting() {
      return isWaiting();
    },
    get isSealed() {
      return isSealed;
    },
    get isClosing() {
      return isClosing;
    },
    get isHeld() {
      return held !== undefined;
    },
    look(text) {
      if (!hasLooked && base !== undefined && earlier.has(text)) base = text;
      if (!hasLooked || text !== local) looked = [...looked, text].slice(-LOOKS);
      hasLooked = true;
      local = text;
      if (held !== undefined) {
        halt(held);
        return text;
      }
      const isNew = isNews(text);
      if (isNew && !(isKnown && (isSealed || parts.isCurrent(entity)))) {
        parts.changed(entity);
        return text;
      }
      if (isNew && base !== undefined && brake.grew(base.length, text.length)) {
        halt(TOO_FAST);
        return text;
      }
      const merged = isNew ? take({ base, local: text }) : isKnown ? remote() : text;
      if (merged === undefined) return text;
      if (brake.grew(text.length, merged.length)) {
        halt(TOO_FAST);
        return text;
      }
      if (base !== text || merged !== text) {
        base = text;
        // What stood there on the way to this is in the room with it, and may be what the disk holds after a crash.
        for (const one of [...looked, merged]) earlier.add(one);
        looked = [];
        void keep();
      }
      if (isNew) parts.changed(entity);
      return merged;
    },
    stands(text) {
      if (local === text || held !== undefined) return;
      local = text;
      if (base === text) return;
      base = text;
      void keep();
    },
    forget() {
      base = undefined;
      local = undefined;
      hasLooked = true;
      return keep();
    },
    gone() {
      if (local !== undefined && isNews(local)) orphan = { base, local };
      base = undefined;
      local = undefined;
      void keep();
      if (orphan) parts.changed(entity);
    },
    kept: () => keeping.done(),
    vector: () => doc.vector(),
    lacking: (vector) => doc.lacking(vector),
    whole: () => doc.state(),
    heard(update) {
      const before = doc.text();
      try {
        doc.apply(update);
      } catch {
        begin();
        void keep();
        return false;
      }
      if (isKnown && doc.text() !== before) {
        void keep();
        parts.refresh(entity);
      }
      return true;
    },
    met() {
      const wasKnown = isKnown;
      isKnown = true;
      adopt();
      if (!wasKnown) void keep();
      if (!wasKnown || (local !== undefined && isNews(local))) parts.refresh(entity);
    },
    stored(upto) {
      renewals = 0;
      unsent.stored(upto);
      if (unsent.isEmpty) void keep();
    },
    called(newName) {
      if (newName === name) return;
      if (name !== undefined) begin();
      name = newName;
      void keep();
    },
    close: () => void (isClosing = true),
    sealedAs(state) {
      const before = remote();
      const wasLate = !unsent.isEmpty;
      doc = createTextDoc(state);
      unsent.clear();
      isKnown = isSealed = true;
      const written = own.missing(before, remote());
      if (written.length || (wasLate && before !== remote()))
        tell(`prose-late:${entity}:${digestOf(before)}`, lateSentence(titleOf(entity), written));
      adopt();
      void keep();
      parts.refresh(entity);
    },
    renew() {
      begin();
      void keep();
      return ++renewals <= RENEWALS;
    },
    startOver() {
      unsent.clear();
      begin();
      name = undefined;
      base = undefined;
      isSealed = isClosing = false;
      void keep();
    },
    hold: halt,
    resume() {
      brake.release();
      renewals = 0;
      if (held === undefined) return;
      held = undefined;
      parts.refresh(entity);
    },
  };
}

const TOO_FAST =
  'the notes keep doubling, so nothing is shared for now. Find the program that also writes to this file, then use "Restore notes".';
