/** What stands in notes and in the names of files. It follows the language of the plant, not of whoever reads: every device writes the same (L6). */
import { plural } from './plural.ts';

export const inNotesWords = {
  notRecorded: (name: string) => `${name} (not recorded)`,
  somebody: 'somebody no longer here',
  heading: (name: string) => `# Trail of ${name}`,
  rootLine: (root: string) => `**Root** ${root}`,
  notAlone: (count: number) => `${count} beginnings, none of them alone`,
  circle: 'none: causes go in a circle',
  head: '| # | Happened | Recorded | Who | What | Upstream | Evidence |\n| ---: | --- | --- | --- | --- | --- | --- |',
  rootMark: '– root',
  timesLine: (times: string) => `**Times** ${times}`,
  endsLine: (ends: string) => `**Where it ends** ${ends}`,
  asideLine: (steps: string) => `**Not applied** (kept for the record): ${steps}`,
  about: (name: string, isPerson: boolean) =>
    `**${name}**: what names ${isPerson ? 'this person' : 'this place'}. The note was made once and is yours; write below what others should know.`,
  /** The name of a table. */
  history: 'History',
  timesAre: (zone: string, day: string | undefined) =>
    `Times are those of ${zone}${day === undefined ? '' : `, ${day}`}. An upstream is the number of the step that led to this one.`,
  check: (led: string, isWhole: boolean, files: number) =>
    `**Trace check** ${led} · ${isWhole ? 'nothing is missing' : 'something is missing, see below'} · ${files} ${plural(files, { one: 'file', other: 'files' })} named by SHA-256, not compared here`,
  rooted: (count: number, all: number) => `${count} of ${all} entries lead to the root`,
  notRooted: 'no single root',
} as const;
