/**
 * People's part of a note: brought into notes that lack it, handed to whoever keeps it in step with its room, and left alone where its
 * markers were taken away, until somebody asks for it. What stands between the markers is nobody's to overwrite (L12).
 */
import type { NoteText } from '../../shared/kernel/note.ts';
import { findPeoples, newPeoples, peoplesSplices, withoutMarks, type Peoples } from './people.ts';
import type { Memory, NoteFiles, PeoplesText, Person } from './ports.ts';
import type { Splice } from './splice.ts';
import { notesWords } from '../words/index.ts';

export interface PartOf {
  readonly key: string;
  readonly entity: string;
  readonly path: string;
  readonly prose: NonNullable<NoteText['prose']>;
}

export interface PeoplesPart {
  /** What must change in the note that reads like this just now. May be asked more than once before it is done. */
  splices(part: PartOf, note: string): Splice[];
  /** The splices stand in the note. Answers whether it has to be looked at once more. */
  done(part: PartOf): Promise<boolean>;
  /** The region may be put in again although people took it away. */
  mend(key: string): void;
}

interface Needs {
  readonly files: NoteFiles;
  readonly memory: Memory;
  readonly person: Person;
  readonly people: PeoplesText | undefined;
}

interface Look {
  readonly kind: Peoples['kind'];
  readonly isCopied: boolean;
  readonly stands: string;
}

export function createPeoplesPart({ files, memory, person, people }: Needs): PeoplesPart {
  const mending = new Set<string>();
  const looks = new Map<string, Look>();
  const hadKey = (key: string): string => `people:${key}`;

  async function bring({ key, entity, path, prose }: PartOf): Promise<boolean> {
    // What stands under the heading now may be anything: it is compared with the room, not with what stood here once.
    await people?.forget(entity);
    await files.change(path, (note) => {
      const { kind } = findPeoples(note);
      return kind === 'missing' ? newPeoples(note, prose) : kind === 'damaged' ? withoutMarks(note) : [];
    });
    memory.set(hadKey(key), '1');
    return true;
  }

  return {
    splices({ key, entity }, note) {
      const found = findPeoples(note);
      if (found.kind !== 'here') {
        looks.set(key, { kind: found.kind, isCopied: false, stands: '' });
        return [];
      }
      const stands = people ? people.look(entity, found.text) : found.text;
      looks.set(key, { kind: 'here', isCopied: found.isCopied, stands });
      return peoplesSplices(note, found, stands);
    },
    async done(part) {
      const { key, entity, path } = part;
      const look = looks.get(key);
      if (!look) return false;
      looks.delete(key);
      const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
      if (look.kind === 'here') {
        mending.delete(key);
        if (memory.get(hadKey(key)) === undefined) memory.set(hadKey(key), '1');
        people?.stands(entity, look.stands);
        if (look.isCopied) person.tell(`people-copy:${key}`, notesWords.twice(name));
        return false;
      }
      if (mending.has(key) || (look.kind === 'missing' && memory.get(hadKey(key)) === undefined)) return bring(part);
      person.tell(`detached:${key}`, notesWords.partGone(name));
      return false;
    },
    mend: (key) => void mending.add(key),
  };
}
