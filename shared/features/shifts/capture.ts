/** One line for the log, and which of their own lines a person may still put right. */
import { inline } from '../../kernel/markdown.ts';
import type { Surroundings } from '../../kernel/note.ts';
import type { Capture } from '../../kernel/sheet.ts';
import type { ShiftState } from './contract.ts';
import { standingEntries } from './report-log.ts';
import { localTimeBeside } from './wording.ts';

const ABOUT_THINGS = ['task', 'condition'];
/** As many as a person looks through. */
const MOST = 200;

export const capture: Capture<ShiftState> = {
  verb: 'log',
  text: 'text',
  choice: 'kind',
  thing: 'equipment',
  corrects: 'corrects',
  things(around) {
    const said = around.all('shift').flatMap(({ state }) => (state as ShiftState).entries);
    const rows = ABOUT_THINGS.flatMap((kind) => around.all(kind).map(({ state }) => state as Thing));
    return [...new Set([...said, ...rows].flatMap(({ equipment }) => equipment ?? []))].sort();
  },
  correctable: ({ entries }, me, around: Surroundings) =>
    standingEntries(entries)
      .filter(({ by }) => by === me)
      .slice(-MOST)
      .reverse()
      .map(({ id, at, recordedAt, text, kind, equipment }) => ({
        id,
        label: `${localTimeBeside(at, recordedAt, around.zone)} ${text}`,
        words: inline(text),
        filled: { text, kind, ...(equipment === null ? {} : { equipment }) },
      })),
};

interface Thing {
  readonly equipment: string | null;
}
