/**
 * Keeps every note of ours as it should be: makes it, brings it up to date, answers what people changed in it, puts back what may not
 * change. One note is never worked on twice at once, and nothing is written when nothing differs.
 */
import type { Edit } from '../../shared/kernel/note.ts';
import { isBraked, recent } from './brake.ts';
import { frontmatterOf, propertyOf, readFrontmatter } from './frontmatter.ts';
import { createPeoplesPart, type PartOf } from './peoples-part.ts';
import type { Breathe, Identity, Memory, NoteFiles, PeoplesText, Person } from './ports.ts';
import { createPump } from './pump.ts';
import { propertiesOf, reconcile, SEQ, type Look, type Seen, type Wanted } from './reconcile.ts';
import { firstBody } from './regions.ts';
import { digestOf, guardSealed } from './sealed.ts';
import { claims, createPlaces, createShelf, keyOf } from './shelf.ts';
import { inOrder, spliced } from './splice.ts';
import { notesWords } from '../words/index.ts';

export const ROOT = 'Operary';

interface Entry {
  readonly key: string;
  readonly stream: string;
  wanted: Wanted | undefined;
  base: Seen | undefined;
  isSealed: boolean;
  /** Another device on the same files was ahead of this one. */
  isBehind: boolean;
  /** Another name that it is to get. */
  move: { readonly to: string; readonly done: () => void } | undefined;
  /** Times of the latest restorations. */
  restored: number[];
  /** What was written last: the same again puts something right. */
  written: Wanted | undefined;
}

export interface Notebook {
  /** What the notes of this stream should be from now on. */
  want(stream: string, wanted: readonly Wanted[]): void;
  /** Something happened to the file. */
  noticed(path: string): void;
  found(identity: Identity): void;
  /** The room of people's text in the notes of this item has moved on. */
  refresh(entity: string): void;
  moved(from: string, to: string): void;
  gone(path: string): void;
  /** Gives the stream's main note another name, unless that is taken. */
  rename(stream: string, to: string): Promise<void>;
  /** Makes notes again that people deleted. Answers how many. */
  restore(): number;
  isSealed(path: string): boolean;
  streamAt(path: string): string | undefined;
  pathOf(stream: string, type?: string): string | undefined;
  /** The item whose people's text is in this note. */
  entityAt(path: string): string | undefined;
  /** What the note with this item's text is called here. */
  nameOf(entity: string): string | undefined;
  /** Whether the sealed notes of this stream stand as they were written at this position, so that nothing need be fetched. */
  holds(stream: string, seq: number): Promise<boolean>;
  idle(): Promise<void>;
  stop(): void;
}

interface Needs {
  readonly files: NoteFiles;
  readonly memory: Memory;
  readonly person: Person;
  readonly breathe: Breathe;
  /** Milliseconds, for the brake only. */
  readonly now: () => number;
  /** Without it people's part of a note is made and left to them. */
  readonly people?: PeoplesText;
}

/** Of a sealed note each restoration leaves a copy. */
const MOST_COPIES = 3;

export const fullText = (wanted: Wanted): string => `${frontmatterOf(propertiesOf(wanted))}${firstBody(wanted.text)}`;
export const placeOf = ({ text }: Wanted): string => `${ROOT}/${text.folder}/${text.name}.md`;
const nameAt = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');

export function createNotebook({ files, memory, person, breathe, now, people }: Needs): Notebook {
  const entries = new Map<string, Entry>();
  const keysByStream = new Map<string, Set<string>>();
  const typesWithText = new Set<string>();
  const shelf = createShelf();
  const claimed = claims(files.identified());
  const sealedPlace = createPlaces({ shelf, claimed, exists: (path) => files.exists(path) });
  const peoples = createPeoplesPart({ files, memory, person, people });
  const pump = createPump(
    work,
    (key, error) => person.tell(key, notesWords.notWritten(nameAt(shelf.pathOf(key) ?? key), String(error))),
    breathe,
  );

  async function work(key: string): Promise<void> {
    const entry = entries.get(key);
    if (!entry) return;
    await moving(entry);
    if (entry.isSealed) await guard(entry);
    else if (entry.wanted && memory.get(`hidden:${key}`) === undefined) await keep(entry, entry.wanted);
  }

  /** In the queue of its note, so that nothing is written to a file that is just getting another name. */
  async function moving(entry: Entry): Promise<void> {
    const { move } = entry;
    if (!move) return;
    entry.move = undefined;
    const path = shelf.pathOf(entry.key);
    try {
      if (path === undefined || !files.exists(path) || files.exists(move.to)) return;
      await files.renameAlone(path, move.to);
      shelf.moved(path, move.to);
    } finally {
      move.done();
    }
  }

  async function keep(entry: Entry, wanted: Wanted): Promise<void> {
    if (wanted.text.prose) await people?.ready;
    const path = shelf.pathOf(entry.key) ?? (await firstWriting(entry, wanted));
    if (path === undefined) return;
    for (;;) {
      const part = partOf(entry, path);
      const look = await lookAt(entry, path, part);
      if (!look) return;
      const isAgain = part !== undefined && (await peoples.done(part));
      if (look.typed.length) {
        person.tell(`typed:${entry.key}`, notesWords.typedInside(nameAt(path), look.typed.join(' / ').slice(0, 2000)));
      }
      if (!look.edits.length && !isAgain) return;
      for (const edit of look.edits) await person.edited(entry.key, edit, entry.stream, path);
    }
  }

  /**
   * What waits to be sent shows in a note at one position in many ways. Only what was last written there tells, after a restart, a person's
   * edit from our own: while something waits it is kept on this device.
   */
  function see(entry: Entry, seen: Seen): void {
    entry.base = seen;
    const isWaiting = !Number.isInteger(seen.properties[SEQ]);
    const key = `seen:${entry.key}`;
    if (isWaiting) memory.set(key, JSON.stringify(seen));
    else if (memory.get(key) !== undefined) memory.set(key, undefined);
  }

  function seenBefore(key: string): Seen | undefined {
    const kept = memory.get(`seen:${key}`);
    if (kept === undefined) return undefined;
    try {
      return JSON.parse(kept) as Seen;
    } catch {
      return undefined;
    }
  }

  const partOf = ({ key, wanted }: Entry, path: string): PartOf | undefined =>
    wanted?.text.prose && { key, entity: wanted.id, path, prose: wanted.text.prose };

  /** Reads and writes in one step, so that nothing can come between. */
  async function lookAt(entry: Entry, path: string, part: PartOf | undefined): Promise<Look | undefined> {
    const wanted = entry.wanted!;
    const isSame = entry.written === wanted;
    const isLeft = isSame && isBraked(entry.restored, now());
    let look: Look | undefined;
    let isOff = false;
    await files.change(path, (text) => {
      look = reconcile(text, entry.base, wanted);
      isOff = look.splices.length > 0;
      if (look.edits.some(isProperty) && files.isBusy(path)) look = undefined;
      if (look && isLeft)
        look = { ...look, splices: [], typed: [], ...(look.edits.length ? {} : { seen: entry.base ?? look.seen }) };
      return look ? inOrder([...look.splices, ...(part ? peoples.splices(part, text) : [])]) : [];
    });
    if (!look) return undefined;
    entry.written = wanted;
    if (isSame && isOff && !isLeft) entry.restored = [...recent(entry.restored, now()), now()];
    if (isLeft && isOff) person.tell(`brake:${entry.key}`, notesWords.leftAsItIs(nameAt(path)));
    if (!look.isReadable) person.tell(`yaml:${entry.key}`, notesWords.unreadable(nameAt(path)));
    see(entry, look.seen);
    entry.isBehind = look.isAhead;
    return look;
  }

  /** The path when the note is there already, under its identity; otherwise it is made, and nothing is left to do. */
  async function firstWriting(entry: Entry, wanted: Wanted): Promise<string | undefined> {
    const place = placeOf(wanted);
    const paths = (claimed.get(entry.key) ?? []).filter((path) => files.exists(path));
    const own = paths.includes(place) ? place : paths[0];
    for (const other of paths) if (other !== own) tellCopy(entry.key, other, own!);
    if (own !== undefined) {
      shelf.put(entry.key, own);
      return own;
    }
    for (let n = 1; ; n++) {
      const path = n === 1 ? place : place.replace(/\.md$/, ` (${n}).md`);
      const isTaken = files.exists(path);
      // Another note of that name is just being made.
      if ((shelf.keyAt(path) ?? entry.key) !== entry.key) continue;
      if (isTaken && !(await isNote(path, entry.key))) continue;
      shelf.put(entry.key, path);
      if (isTaken) return path;
      if (wanted.text.prose) await people?.forget(wanted.id);
      const part = partOf(entry, path);
      const text = fullText(wanted);
      // With what the room holds already, so that the new note need not be read again.
      await files.create(path, part ? spliced(text, peoples.splices(part, text)) : text);
      const isAgain = part !== undefined && (await peoples.done(part));
      entry.written = wanted;
      see(entry, {
        properties: propertiesOf(wanted),
        regions: Object.fromEntries(wanted.text.regions.map(({ name, markdown }) => [name, markdown])),
      });
      // What is wanted may have changed while the file was made.
      return entry.wanted === wanted && !isAgain ? undefined : path;
    }
  }

  async function isNote(path: string, key: string): Promise<boolean> {
    const front = readFrontmatter(await files.read(path));
    return keyOf(String(propertyOf(front, 'operary_id')), String(propertyOf(front, 'operary_type'))) === key;
  }

  const tellCopy = (key: string, copy: string, own: string): void =>
    person.tell(`copy:${key}:${copy}`, notesWords.copyOf(copy, own));

  async function guard(entry: Entry): Promise<void> {
    const { key, wanted } = entry;
    const path = shelf.pathOf(key)!;
    const last = memory.get(`sealed:${key}`)?.split(' ');
    if (!wanted) {
      const isIntact = files.exists(path) && digestOf(await files.read(path)) === last?.[1];
      if (!isIntact) person.needs(entry.stream);
      return;
    }
    entry.restored = recent(entry.restored, now());
    if (entry.restored.length >= MOST_COPIES)
      return person.tell(`brake:${key}`, notesWords.sealedButChanging(nameAt(path)));
    const truth = fullText(wanted);
    const result = await guardSealed(files, path, truth, last?.[1]);
    memory.set(`sealed:${key}`, `${wanted.seq} ${digestOf(truth)} ${path}`);
    if (result !== 'restored') return;
    entry.restored.push(now());
    person.tell(`sealed:${key}`, notesWords.sealedPutBack(nameAt(path)));
  }

  function seal(entry: Entry, wanted: Wanted): void {
    entry.isSealed = true;
    const before = memory.get(`sealed:${entry.key}`)?.split(' ').slice(2).join(' ');
    // Where it was put once it stays, whatever the folders are called now.
    shelf.put(entry.key, before && files.exists(before) ? before : sealedPlace(entry.key, placeOf(wanted)));
    const sealed = [...keysByStream.get(entry.stream)!].filter((key) => entries.get(key)?.isSealed);
    memory.set(`keys:${entry.stream}`, sealed.join(' '));
  }

  function enter(stream: string, key: string, isSealed: boolean): Entry {
    let entry = entries.get(key);
    if (!entry)
      entries.set(
        key,
        (entry = {
          key,
          stream,
          wanted: undefined,
          base: seenBefore(key),
          isSealed,
          isBehind: false,
          move: undefined,
          restored: [],
          written: undefined,
        }),
      );
    if (!keysByStream.has(stream)) keysByStream.set(stream, new Set());
    keysByStream.get(stream)!.add(key);
    return entry;
  }

  const withText = (entity: string): readonly Entry[] =>
    [...typesWithText]
      .flatMap((type) => entries.get(keyOf(entity, type)) ?? [])
      .filter(({ wanted }) => wanted?.text.prose);

  return {
    want(stream, all) {
      for (const wanted of all) {
        const key = keyOf(wanted.id, wanted.text.type);
        const entry = enter(stream, key, false);
        const isNews = !entry.wanted || tells(entry.wanted) !== tells(wanted);
        entry.wanted = wanted;
        if (wanted.text.prose) typesWithText.add(wanted.text.type);
        if (!isNews && !entry.isBehind) continue;
        if (wanted.text.sealed && !entry.isSealed) seal(entry, wanted);
        pump.poke(key);
      }
    },
    refresh(entity) {
      for (const { key } of withText(entity)) pump.poke(key);
    },
    noticed(path) {
      const key = shelf.keyAt(path);
      if (key !== undefined) pump.poke(key);
    },
    found({ id, type, path }) {
      const key = keyOf(id, type);
      const entry = entries.get(key);
      const own = shelf.pathOf(key);
      if (!entry || entry.isSealed || own === path) return;
      if (own !== undefined && files.exists(own)) return tellCopy(key, path, own);
      memory.set(`hidden:${key}`, undefined);
      shelf.put(key, path);
      pump.poke(key);
    },
    moved(from, to) {
      const key = shelf.keyAt(from);
      if (key === undefined) return;
      if (!entries.get(key)?.isSealed) return void shelf.moved(from, to);
      const back = files.exists(from) ? Promise.resolve() : files.rename(to, from);
      void back.then(
        () => person.tell(`sealed:${key}`, notesWords.sealedMovedBack(nameAt(from))),
        (error: unknown) => person.tell(`sealed:${key}`, notesWords.notMovedBack(nameAt(from), String(error))),
      );
      pump.poke(key);
    },
    gone(path) {
      const key = shelf.keyAt(path);
      const entry = key === undefined ? undefined : entries.get(key);
      if (!entry) return;
      if (entry.isSealed) return pump.poke(entry.key);
      shelf.take(entry.key);
      entry.base = undefined;
      memory.set(`hidden:${entry.key}`, '1');
      if (entry.wanted?.text.prose) people?.gone(entry.wanted.id);
    },
    restore() {
      let count = 0;
      people?.resume();
      for (const entry of entries.values()) {
        entry.restored = [];
        if (memory.get(`hidden:${entry.key}`) !== undefined) {
          memory.set(`hidden:${entry.key}`, undefined);
          count += 1;
        }
        peoples.mend(entry.key);
        pump.poke(entry.key);
      }
      return count;
    },
    isSealed: (path) => entries.get(shelf.keyAt(path) ?? '')?.isSealed ?? false,
    streamAt: (path) => entries.get(shelf.keyAt(path) ?? '')?.stream,
    rename(stream, to) {
      const [key] = keysByStream.get(stream) ?? [];
      const entry = key === undefined ? undefined : entries.get(key);
      if (!entry) return Promise.resolve();
      return new Promise((done) => {
        entry.move?.done();
        entry.move = { to, done };
        pump.poke(entry.key);
      });
    },
    pathOf(stream, type) {
      const keys = [...(keysByStream.get(stream) ?? [])];
      const key = type === undefined ? keys[0] : keys.find((one) => one.endsWith(`/${type}`));
      return key === undefined ? undefined : shelf.pathOf(key);
    },
    entityAt(path) {
      const wanted = entries.get(shelf.keyAt(path) ?? '')?.wanted;
      return wanted?.text.prose && wanted.id;
    },
    nameOf(entity) {
      const path = withText(entity).flatMap(({ key }) => shelf.pathOf(key) ?? [])[0];
      return path === undefined ? undefined : nameAt(path);
    },
    async holds(stream, seq) {
      const keys = memory.get(`keys:${stream}`)?.split(' ') ?? [];
      for (const key of keys) {
        const [at, digest, ...rest] = memory.get(`sealed:${key}`)?.split(' ') ?? [];
        const path = rest.join(' ');
        if (Number(at) !== seq || !files.exists(path) || digestOf(await files.read(path)) !== digest) return false;
        shelf.put(key, path);
        enter(stream, key, true);
      }
      return keys.length > 0;
    },
    idle: () => pump.idle(),
    stop: () => pump.stop(),
  };
}

const tells = ({ seq, text }: Wanted): string => JSON.stringify([seq, text]);

const isProperty = (edit: Edit): boolean => edit.kind === 'property';
