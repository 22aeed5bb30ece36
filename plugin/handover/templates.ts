/** Beginnings of entries that people make for themselves: lines `name: text with …`, where the cursor goes to the first gap. */
import { handoverWords } from '../words/index.ts';

export interface Template {
  readonly name: string;
  readonly text: string;
}

export const TEMPLATES = handoverWords.templates.join('\n');

export function templatesIn(lines: string): Template[] {
  return lines.split('\n').flatMap((line) => {
    const at = line.indexOf(':');
    const [name, text] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    return at > 0 && name && text ? [{ name, text }] : [];
  });
}

/** Those that a person may mean who has written this: all while there is nothing, some after a slash, none in a sentence. */
export function templatesFor(all: readonly Template[], written: string): readonly Template[] {
  if (written === '') return all;
  if (!/^\/[^\n]*$/.test(written)) return [];
  const wanted = written.slice(1).trim().toLowerCase();
  const begins = all.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  return [...begins, ...all.filter((one) => !begins.includes(one) && one.name.toLowerCase().includes(wanted))];
}

const GAP = '…';

/** What is selected next, from here on; the end where no gap is left. */
export function nextGap(text: string, from = 0): readonly [start: number, end: number] {
  const at = text.indexOf(GAP, from);
  return at < 0 ? [text.length, text.length] : [at, at + GAP.length];
}
