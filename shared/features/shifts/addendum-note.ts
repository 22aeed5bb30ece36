/** The addendum: a note beside the sealed one that grows with what came later and embeds the record, so that both are read together. */
import { localDateTime, monthFolder } from '../../kernel/local-time.ts';
import { inline, wikilink } from '../../kernel/markdown.ts';
import type { NoteText, Surroundings } from '../../kernel/note.ts';
import type { DeviceState } from '../devices/contract.ts';
import type { ShiftState } from './contract.ts';
import { unreadLate } from './late.ts';
import { additions, type LateWords } from './late-lines.ts';
import { addendumName, SEALED_NOTES, sealedName } from './note-names.ts';
import { localMoment, recordReaders } from './wording.ts';

export function addendumNote(state: ShiftState, name: string, around: Surroundings): readonly NoteText[] {
  const words = lateWordsOf(around);
  const lines = additions(state, words);
  if (!lines.length) return [];
  const read = state.lateReads.at(-1);
  const unread = unreadLate(state).length;
  const header = [
    `[!warning] Added after the seal of ${inline(state.name)}, ${state.area}`,
    `The sealed record never changed. ${lines.length === 1 ? '1 entry' : `${lines.length} entries`} came later and ${lines.length === 1 ? 'stands' : 'stand'} below; the record follows.`,
    ...(read ? [`Read by **${words.name(read.by)}** at ${words.moment(read.at)}, up to #${read.upTo}`] : []),
  ];
  const note: NoteText = {
    type: SEALED_NOTES.late,
    folder: `Sealed/${monthFolder(state.from, around.zone)}`,
    name: addendumName(name),
    properties: {
      area: state.area,
      from: localDateTime(state.from, around.zone),
      to: localDateTime(state.to, around.zone),
      late_entries: lines.length,
      unread,
      shift: wikilink(name),
      sealed: wikilink(sealedName(name)),
      tags: ['operary/addendum'],
    },
    regions: [
      { name: 'header', markdown: `${header.map((line) => `> ${line}`).join('\n')}\n` },
      { name: 'late', heading: 'Added after the seal', markdown: lines.join('\n') },
      {
        name: 'sealed',
        heading: 'As sealed',
        markdown: `${recordReaders(state.area)}\n\n!${wikilink(sealedName(name))}`,
      },
    ],
  };
  return [note];
}

export const lateWordsOf = (around: Surroundings): LateWords => ({
  name: (user) => inline(around.userName(user)),
  device: (id) =>
    inline((around.state({ kind: 'device', id }) as DeviceState | undefined)?.name ?? `device …${id.slice(-8)}`),
  moment: (at) => localMoment(at, around.zone),
});
