/** What a task's note says at its top while somebody should look at it, and how reports of the same work stand side by side. */
import { FLAGS, type Flag } from '../../kernel/flags.ts';
import { localDateTime } from '../../kernel/local-time.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Surroundings } from '../../kernel/note.ts';
import type { Completion, TaskState } from './contract.ts';

const isKnown = (flag: string): flag is Flag => Object.hasOwn(FLAGS, flag);
const words = (code: string): string => code.replaceAll('_', ' ');
const moment = (at: string, zone: string): string => localDateTime(at, zone).replace('T', ' ');

/** What there is to do about each flag; one that this device does not know yet is named. */
export const toDo = (flags: readonly string[]): readonly string[] =>
  flags.map((flag) => (isKnown(flag) ? FLAGS[flag].do : `Look at it (${words(flag)}).`));

export function attention(state: TaskState, around: Surroundings): readonly string[] {
  if (!state.flags.length) return [];
  const { completion, furtherReports } = state;
  const reports = furtherReports.length ? [...(completion ? [completion] : []), ...furtherReports] : [];
  return [
    '[!warning] Needs a look',
    ...state.flags.map((flag) => (isKnown(flag) ? `${FLAGS[flag].says} **${FLAGS[flag].do}**` : inline(words(flag)))),
    ...reports.map((one, i) => `${i + 1}. ${report(one, around)}`),
  ];
}

/** Settled or not, no report of a work is lost from sight. */
export const further = (state: TaskState, around: Surroundings): readonly string[] =>
  state.flags.length ? [] : state.furtherReports.map((one) => `**Also reported** ${report(one, around)}`);

function report({ by, at, note, resolutionCode, overrideReason }: Completion, around: Surroundings): string {
  const despite = overrideReason === null ? '' : ` (although the machine signalled: ${inline(overrideReason)})`;
  const who = inline(around.userName(by));
  return `**${who}**, ${moment(at, around.zone)}: ${words(resolutionCode)}: ${inline(note)}${despite}`;
}
