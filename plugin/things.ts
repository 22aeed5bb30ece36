/**
 * Notes of people and places, so that links to them lead somewhere and their backlinks tell a history. Written once, without an identity:
 * from then on they are people's own, and one that was deleted or renamed is not made again.
 */
import { inline } from '../shared/kernel/markdown.ts';
import type { Named } from '../shared/kernel/note.ts';
import type { Attention } from './attention.ts';
import { ROOT } from './notes/notebook.ts';
import type { Breathe, Memory, NoteFiles } from './notes/ports.ts';
import { inNotesWords, notesWords } from './words/index.ts';

export interface Things {
  readonly want: (named: Iterable<Named>) => void;
}

interface Parts {
  readonly files: Pick<NoteFiles, 'isNamed' | 'create'>;
  readonly memory: Memory;
  readonly breathe: Breathe;
  readonly attention: Pick<Attention, 'tell'>;
}

export function createThings({ files, memory, breathe, attention }: Parts): Things {
  const met = new Set<string>();
  let making = Promise.resolve();

  async function make({ folder, name, shown }: Named, key: string): Promise<void> {
    await breathe();
    try {
      // Somebody's own note of that name is where the links lead already.
      if (!files.isNamed(name)) await files.create(`${ROOT}/${folder}/${name}.md`, textOf(folder, shown));
      memory.set(key, '1');
    } catch (error) {
      attention.tell(`named:${name}`, notesWords.thingNotWritten(name, String(error)));
    }
  }

  return {
    want(named) {
      for (const one of named) {
        const key = `made:${one.folder}/${one.name}`;
        if (met.has(key)) continue;
        met.add(key);
        if (memory.get(key) === undefined) making = making.then(() => make(one, key));
      }
    },
  };
}

const textOf = (folder: Named['folder'], shown: string): string => `---
tags:
  - operary/${folder.toLowerCase()}
---
${inNotesWords.about(inline(shown), folder === 'People')}

\`\`\`base
filters:
  and:
    - file.hasLink(this.file)
views:
  - type: table
    name: ${inNotesWords.history}
    order:
      - file.name
      - status
      - priority
      - area
    sort:
      - property: file.ctime
        direction: DESC
\`\`\`

`;
