/**
 * One note's text and its room. What is new in the note is taken into the room only when the room's own news are here, so that the two
 * are merged as texts, by words, over what both last agreed on; until then it waits in the note, where it is safe. What the server could
 * have of ours, this device has kept before (L12, L13).
 */
import { ROOM_LIMITS } from '../../shared/sync/room-words.ts';
import { createBrake } from './brake.ts';
import { createCopy } from './copy.ts';
import { createEarlier, digestOf } from './earlier.ts';
import { createHands, type Words } from './hands.ts';
import { createKeeping } from './keeping.ts';
import { lateSentence } from './own-words.ts';
import type { Kept } from './ports.ts';
import type { Room, RoomParts } from './room-port.ts';
import { together } from './shadow.ts';
import { BEARER, type Writer } from './unsent.ts';
import { proseWords } from '../words/index.ts';

/** So often in a row a new copy is tried. */
const RENEWALS = 3;
const LOOKS = 40;

export function createRoom(entity: string, kept: Kept | undefined, parts: RoomParts): Room {
  const { tell, titleOf } = parts;
  const copy = createCopy(kept);
  const { unsent } = copy;
  const brake = createBrake(parts.now);
  let name = kept?.room ?? undefined;
  let base = kept?.base ?? undefined;
  const earlier = createEarlier(kept?.earlier ?? []);
  const hands = createHands(kept?.writers, parts.writer);
  let isSealed = false;
  let isClosing = false;
  let held: string | undefined;
  /** From whom the server did not take what stopped. */
  let blamed: Writer | undefined;
  let local: string | undefined;
  let hasLooked = false;
  /** Texts that stood in the note since it was last taken. */
  let looked: readonly string[] = [];
  let isKept = kept !== undefined;
  let renewals = 0;

  if (copy.isDamaged) {
    if (kept?.isUnsent) base = kept.stored ?? undefined;
    tell(`prose-store:${entity}`, proseWords.damaged(titleOf(entity)));
  }

  const isNews = (text: string): boolean =>
    base === undefined ? !copy.isKnown || text !== copy.text() : text !== base;
  const isWritten = (text: string): boolean => isNews(text) && !(base === undefined && text === '');

  const keeping = createKeeping(() => {
    isKept = true;
    return parts.put({
      entity,
      room: name ?? null,
      base: base ?? null,
      stored: unsent.isEmpty ? null : copy.stored,
      state: copy.isKnown ? copy.state() : null,
      isUnsent: !unsent.isEmpty,
      earlier: earlier.digests,
      writers: { copy: unsent.latest ?? BEARER, turns: unsent.turns, note: hands.writer, left: hands.left },
    });
  });
  /** Most notes never hold a word: of those there is nothing to keep. */
  const keep = (): Promise<void> =>
    isKept || base || hands.left.length || hands.writer !== undefined || copy.text()
      ? keeping.soon()
      : Promise.resolve();

  /** A new copy without history. What was not stored is taken into it once more, in its order. */
  function begin(): void {
    const { stored } = copy;
    hands.unsaid(copy.giveUp(), stored);
  }

  const isWaiting = (): boolean =>
    !unsent.isEmpty || hands.left.length > 0 || (local !== undefined && isWritten(local));

  function halt(why: string): void {
    held = why;
    const isOthers = blamed !== undefined && blamed !== parts.writer();
    // Who only reads need not know that they may not write.
    if (isWaiting()) tell(`prose:${entity}`, `${titleOf(entity)}: ${why}${isOthers ? proseWords.inherit : ''}`);
  }

  /** The note reads otherwise than at the last look. */
  function hear(text: string): void {
    const before = local !== undefined && isWritten(local) ? { base, local } : undefined;
    if (!before && !isWritten(text)) return;
    const was = hands.writer;
    if (!hasLooked) hands.found();
    else if (hands.wrote(before)) {
      for (const one of looked) earlier.add(one);
      base = local;
      looked = [];
    }
    if (hands.writer !== was) void keep();
  }

  /** What was written before, each in the name of its writer. False when not all of it can be taken now. */
  function adopt(): boolean {
    if (!hands.left.length) return true;
    const isDone = hands.take((words) => take(words) !== undefined);
    void keep();
    parts.changed(entity);
    return isDone;
  }

  function release(): void {
    held = blamed = undefined;
    parts.refresh(entity);
    parts.changed(entity);
  }

  /** Into the copy; answers what both sides read now, or undefined when it must not be. */
  function take({ by, ...sides }: Words): string | undefined {
    const before = copy.text();
    const merged = together({ ...sides, remote: before });
    if (merged.length > ROOM_LIMITS.wholeBytes / 2) {
      tell(`prose-long:${entity}`, `${titleOf(entity)}: ${proseWords.tooLong}`);
      return undefined;
    }
    if (merged !== before) copy.write(by, merged);
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
      if (!hasLooked || text !== local) {
        hear(text);
        looked = [...looked, text].slice(-LOOKS);
      }
      hasLooked = true;
      local = text;
      if (held !== undefined) {
        halt(held);
        return text;
      }
      const isNew = isNews(text);
      if ((isNew || hands.left.length) && !(copy.isKnown && (isSealed || parts.isCurrent(entity)))) {
        parts.changed(entity);
        return text;
      }
      if (!adopt()) return text;
      const by = isNew ? (hands.writer ?? parts.writer()) : BEARER;
      if (by === undefined && together({ base, local: text, remote: copy.text() }) !== copy.text()) {
        tell(`prose:${entity}`, `${titleOf(entity)}: ${proseWords.locked}`);
        return text;
      }
      if (isNew && base !== undefined && brake.grew(base.length, text.length)) {
        halt(proseWords.tooFast);
        return text;
      }
      const merged = isNew ? take({ by: by ?? BEARER, base, local: text }) : copy.isKnown ? copy.text() : text;
      if (merged === undefined) return text;
      if (brake.grew(text.length, merged.length)) {
        halt(proseWords.tooFast);
        return text;
      }
      if (base !== text || merged !== text) {
        base = text;
        // What stood there on the way to this is in the room with it, and may be what the disk holds after a crash.
        for (const one of [...looked, merged]) earlier.add(one);
        looked = [];
        hands.agreed();
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
      if (local !== undefined && isWritten(local)) hands.gone({ base, local });
      base = undefined;
      local = undefined;
      void keep();
      if (hands.left.length) parts.changed(entity);
    },
    kept: () => keeping.done(),
    vector: () => copy.vector(),
    lacking: (vector) => copy.lacking(vector),
    whole: () => copy.whole(),
    heard(update) {
      const is = copy.heard(update);
      if (is === 'spoilt') begin();
      if (is === 'spoilt' || (is === 'news' && copy.isKnown)) void keep();
      if (is === 'news' && copy.isKnown) parts.refresh(entity);
      return is !== 'spoilt';
    },
    met() {
      const isNewHere = !copy.isKnown || hands.left.length > 0;
      copy.met();
      adopt();
      if (isNewHere) void keep();
      if (isNewHere || (local !== undefined && isNews(local))) parts.refresh(entity);
    },
    stored(upto) {
      renewals = 0;
      const { first } = unsent;
      unsent.stored(upto);
      if (unsent.first !== first) void keep();
    },
    called(newName) {
      if (newName === name) return;
      if (name !== undefined) begin();
      name = newName;
      void keep();
    },
    close: () => void (isClosing = true),
    sealedAs(state, isUntold) {
      const late = copy.close(state);
      isSealed = true;
      if (late)
        tell(`prose-late:${entity}:${digestOf(late.before)}`, lateSentence(titleOf(entity), late.written, isUntold));
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
      hands.unsaid(copy.giveUp(), undefined);
      name = undefined;
      base = undefined;
      isSealed = isClosing = false;
      void keep();
    },
    hold(why, isPerson = false) {
      if (isPerson) blamed = unsent.first ?? hands.left[0]?.by ?? hands.writer ?? parts.writer();
      halt(why);
    },
    resume() {
      brake.release();
      renewals = 0;
      if (held === undefined) return;
      const by = parts.writer();
      if (blamed !== undefined && by !== undefined && blamed !== by) {
        begin();
        hands.inherit(blamed, by);
        void keep();
      }
      release();
    },
    tookOver() {
      const isAnybodys = local !== undefined && hands.writer === undefined && isNews(local);
      if (held !== undefined && !isWaiting()) release();
      else if (isAnybodys) parts.refresh(entity);
    },
  };
}
