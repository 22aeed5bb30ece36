/** The live note's log, and what it tells of the handover and of everything that came after. */
import { shortNumber } from '../../kernel/ids.ts';
import { localTime } from '../../kernel/local-time.ts';
import { inline, wikilink } from '../../kernel/markdown.ts';
import type { Self, Surroundings } from '../../kernel/note.ts';
import { lateWordsOf } from './addendum-note.ts';
import type { LogEntry, ShiftState } from './contract.ts';
import { hasLate, lateBefore } from './late.ts';
import { acceptedLine, asideLine, flagWords, lateLine } from './late-lines.ts';
import { missedLines } from './missed-checks.ts';
import { addendumName, auditName, sealedName, shiftNoteName } from './note-names.ts';
import { isUnaccepted } from './predecessor.ts';
import { inWords, localTimeBeside, SEALED_BY_CLOCK } from './wording.ts';

export function log({ entries }: ShiftState, around: Surroundings): string {
  const correction = new Map(
    entries.flatMap((entry) => (entry.corrects === null ? [] : [[entry.corrects, entry] as const])),
  );
  const time = (at: string): string => localTime(at, around.zone);
  return entries
    .filter(({ corrects }) => corrects === null)
    .map(
      (entry) =>
        `- ${time(entry.late ? entry.recordedAt : entry.at)} **${inline(around.userName(entry.by))}** ${entry.late ? `(late entry, happened ${localTimeBeside(entry.at, entry.recordedAt, around.zone)}) ` : ''}${struck(entry)}${marks(entry)}`,
    )
    .join('\n');

  /** One line through what was wrong; it stays legible. */
  function struck(entry: LogEntry): string {
    const shown = `${entry.kind === 'note' ? '' : `*${inWords(entry.kind)}* `}${inline(entry.text)}${entry.equipment === null ? '' : ` (${around.linkToPlace(entry.equipment)})`}`;
    const by = correction.get(entry.id);
    return by
      ? `~~${shown}~~ ${struck(by)} (corrected ${time(by.recordedAt)} ${inline(around.userName(by.by))})${marks(by)}`
      : shown;
  }
}

const marks = ({ flags, waiting }: LogEntry): string =>
  [...flagWords(flags), ...(waiting ? ['waiting to be sent'] : [])].map((mark) => ` · ${mark}`).join('');

/** Late facts of earlier shifts that this one's handover tells of; sealed, its report does. */
export const earlierLate = (state: ShiftState, around: Surroundings): ReturnType<typeof lateBefore<ShiftRow>> =>
  state.seal || state.startedSeq === null
    ? []
    : lateBefore(
        state,
        around.all('shift').map((self) => ({ self, value: self.state as ShiftState })),
      );

interface ShiftRow {
  readonly self: Self;
  readonly value: ShiftState;
}

export function handover(state: ShiftState, name: string, around: Surroundings): string {
  const { signature, acceptance, refusals, seal, amendments, asides, lateAcceptance } = state;
  const words = lateWordsOf(around);
  const { moment } = words;
  const who = (id: string): string => `**${words.name(id)}**`;
  const decisions = signature?.decisions ?? [];
  const earlier = earlierLate(state, around).flatMap(({ of: { self, value }, entries }) => {
    const link = wikilink(addendumName(shiftNoteName(value, around.zone)));
    return entries.map((entry) => `- Late for ${shortNumber('S', self.number)} ${link}: ${lateLine(entry, words)}`);
  });
  const lines = [
    ...refusals.map(({ by, at, reason }) => `- ${moment(at)} ${who(by)} refused: ${inline(reason)}`),
    ...(signature
      ? [
          `- ${moment(signature.at)} ${who(signature.by)} handed over, ${decisions.length} open task${decisions.length === 1 ? '' : 's'} decided`,
        ]
      : []),
    ...(acceptance
      ? [
          `- ${moment(acceptance.at)} ${who(acceptance.by)} accepted ${acceptance.reservations === null ? 'without reservations' : `with reservations: ${inline(acceptance.reservations)}`}`,
        ]
      : []),
    ...asides.filter(({ seq }) => !seal || seq < seal.seq).map((one) => `- ${asideLine(one, words)}`),
    ...missedLines(state, moment).map((line) => `- ${line}`),
    ...(seal
      ? [
          `- ${moment(seal.at)} ${isUnaccepted(state) ? `**${SEALED_BY_CLOCK}**` : 'sealed'}: ${wikilink(sealedName(name))}, ${wikilink(auditName(name))}`,
        ]
      : []),
    ...(lateAcceptance ? [`- ${acceptedLine(lateAcceptance, words)}`] : []),
    ...amendments.map(
      ({ by, at, text, reason }) =>
        `- ${moment(at)} ${who(by)} added after the seal: ${inline(text)} (${inline(reason)})`,
    ),
    ...(hasLate(state) ? [`- What came after the seal: ${wikilink(addendumName(name))}`] : []),
  ];
  return [
    lines.join('\n') || (state.status === 'lapsed' ? 'Nobody started this shift.' : 'Not handed over yet.'),
    ...(earlier.length ? [earlier.join('\n')] : []),
  ].join('\n');
}
