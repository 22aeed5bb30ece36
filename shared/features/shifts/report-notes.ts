/** The report on what people wrote in their own places: the shift's notes, and those of every task that it finished, word for word. */
import { inline, oneLine } from '../../kernel/markdown.ts';
import type { ProsePhoto } from '../../kernel/prose.ts';
import type { ReportInput } from './report-input.ts';
import { refOf } from './report-tasks.ts';

/** `null`: nobody wrote anything. */
export function notes({ prose, taskProse = [], finished }: ReportInput): string | null {
  const tasks = new Map(finished.map((row) => [row.key, `**${refOf(row)} ${inline(row.value.title)}**`]));
  const written = [...prose, ...taskProse].filter(({ text }) => text.trim() !== '');
  if (!written.length) return null;
  return written.map((photo) => `${tasks.get(photo.entity) ?? '**Shift**'}\n\n${quoted(photo)}`).join('\n\n');
}

/** As a block of code, set in by four spaces: it shows as it was typed, and can forge neither a heading nor the end of a region (L12). */
const quoted = ({ text }: ProsePhoto): string =>
  text
    .split(LINE_END)
    .map((line) => `${' '.repeat(indentOf(line))}${oneLine(line)}`.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .replace(/^(?=.)/gm, '    ');

const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

const indentOf = (line: string): number =>
  [.../^[ \t]*/.exec(line)![0]].reduce((sum, char) => sum + (char === '\t' ? 4 : 1), 0);
