/**
 * The properties of a note, edited line by line. Other people's keys, their order, comments, quoting and text stay as they are, byte for
 * byte; a document is never parsed and written again (L12).
 */
import type { Property } from '../../shared/kernel/note.ts';
import type { Splice } from './splice.ts';
import { lineEndOf } from './splice.ts';
import { readValue, sameProperty, writeValue } from './yaml-value.ts';

interface Entry {
  readonly key: string;
  readonly from: number;
  /** After the line end of its last line. */
  readonly to: number;
  readonly value: Property | undefined;
}

export interface Frontmatter {
  readonly isPresent: boolean;
  /** False for a form whose lines we cannot tell apart: then nothing in it is touched. */
  readonly isReadable: boolean;
  readonly entries: readonly Entry[];
  /** Offset of the closing `---`. */
  readonly end: number;
  /** Offset where the note's text begins. */
  readonly bodyFrom: number;
}

const NONE: Frontmatter = { isPresent: false, isReadable: true, entries: [], end: 0, bodyFrom: 0 };
const KEY =
  /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#&*!|>%@`\-?:,[\]{}"'][^#]*?|[-?:][^\s:][^#]*?))\s*:(?:[ \t](.*)|)$/;

interface Line {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const match of text.matchAll(/([^\n]*?)(\r?\n|$)/g)) {
    if (match[0] === '') break;
    lines.push({ from: match.index, to: match.index + match[0].length, text: match[1]! });
  }
  return lines;
}

function boundsOf(text: string): Pick<Frontmatter, 'end' | 'bodyFrom'> | undefined {
  if (!/^---[ \t]*\r?\n/.test(text)) return undefined;
  const closing = /\r?\n---[ \t]*(?:\r?\n|$)/.exec(text.slice(3));
  if (!closing) return undefined;
  const at = 3 + closing.index;
  return { end: at + closing[0].indexOf('---'), bodyFrom: at + closing[0].length };
}

/** Offset where the note's text begins, without reading what stands above it. */
export const bodyFromOf = (text: string): number => boundsOf(text)?.bodyFrom ?? 0;

export function readFrontmatter(text: string): Frontmatter {
  const bounds = boundsOf(text);
  if (!bounds) return NONE;
  const { end, bodyFrom } = bounds;
  const lines = linesOf(text.slice(0, end)).slice(1);
  const entries: Entry[] = [];
  let isReadable = true;
  for (let i = 0; i < lines.length;) {
    const line = lines[i]!;
    const match = KEY.exec(line.text);
    const next = match ? endOfEntry(lines, i, match[4] ?? '') : i + 1;
    if (match) {
      const key = match[1] ?? match[2] ?? match[3]!;
      const more = lines.slice(i + 1, next).map((one) => one.text);
      entries.push({ key, from: line.from, to: lines[next - 1]!.to, value: readValue(match[4] ?? '', more) });
    } else if (!/^\s*(?:#.*)?$/.test(line.text)) {
      isReadable = false;
    }
    i = next;
  }
  return { isPresent: true, isReadable, entries, end, bodyFrom };
}

/** Index of the first line after the entry. Lines that go on a value are indented, list items, or inside its open quote or bracket. */
function endOfEntry(lines: readonly Line[], start: number, rest: string): number {
  let open = stillOpen(rest, '');
  let next = start + 1;
  let last = next;
  for (; next < lines.length; next++) {
    const { text } = lines[next]!;
    if (open) open = stillOpen(text, open);
    else if (!/^(?:[ \t]|-(?:[ \t]|$)|$)/.test(text)) break;
    // Blank lines belong to the value only when something of it follows.
    if (open || text.trim() !== '') last = next + 1;
  }
  return last;
}

/** The quote or brackets that are open after this much of a flow value; block scalars and plain text open nothing. */
function stillOpen(text: string, before: string): string {
  if (!before && !/^\s*["'[{]/.test(text)) return '';
  let open = before;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const inside = open.at(-1);
    if (inside === '"' || inside === "'") {
      if (inside === '"' && char === '\\') i++;
      else if (char === inside) open = open.slice(0, -1);
    } else if (char === '#' && (i === 0 || /\s/.test(text[i - 1]!))) break;
    else if (/["'[{]/.test(char)) open += char;
    else if (char === ']' || char === '}') open = open.slice(0, -1);
    if (!open) break;
  }
  return open;
}

/** Ours among the entries; `null` where there is none. */
export const propertyOf = ({ entries }: Frontmatter, key: string): Property | undefined => {
  const entry = entries.find((one) => one.key === key);
  return entry ? entry.value : null;
};

/** The lines of one property as they stand. */
export function rawOf(text: string, { entries }: Frontmatter, key: string): string {
  const entry = entries.find((one) => one.key === key);
  return entry ? text.slice(entry.from, entry.to).trimEnd() : '';
}

/** What must change so that these keys have these values. A value that means the same already is not touched. */
export function propertySplices(
  text: string,
  found: Frontmatter,
  wanted: Readonly<Record<string, Property>>,
): Splice[] {
  const eol = lineEndOf(text);
  if (!found.isPresent) return [{ from: 0, to: 0, insert: frontmatterOf(wanted, eol) }];
  if (!found.isReadable) return [];
  const splices: Splice[] = [];
  let place = found.end;
  let added = '';
  for (const [key, value] of Object.entries(wanted)) {
    const entry = found.entries.find((one) => one.key === key);
    if (!entry) {
      if (value !== null) added += `${key}:${writeValue(value, eol)}${eol}`;
      continue;
    }
    if (!sameProperty(entry.value, value)) splices.push(replaceEntry(text, entry, value, eol));
    place = entry.to;
  }
  if (!added) return splices;
  return [
    ...splices.filter(({ from }) => from < place),
    { from: place, to: place, insert: added },
    ...splices.filter(({ from }) => from >= place),
  ];
}

function replaceEntry(text: string, entry: Entry, value: Property, eol: string): Splice {
  const old = text.slice(entry.from, entry.to);
  const head = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^:]*(?::(?!\s|$)[^:]*)*?)\s*:/.exec(old)?.[0] ?? `${entry.key}:`;
  const end = /\r?\n$/.exec(old)?.[0] ?? eol;
  const oneLine = !/\r?\n./s.test(old) && typeof value !== 'object';
  const comment = oneLine ? (/\s#[^\n\r]*/.exec(withoutQuotes(old.slice(head.length)))?.[0] ?? '') : '';
  return { from: entry.from, to: entry.to, insert: `${head}${writeValue(value, eol)}${comment}${end}` };
}

/** Quoted parts blanked, so that a `#` inside them is no comment; the comment itself stays readable. */
const withoutQuotes = (rest: string): string =>
  rest.replace(
    /^(\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/,
    (_all, space: string, quoted: string) => space + '_'.repeat(quoted.length),
  );

export function frontmatterOf(properties: Readonly<Record<string, Property>>, eol = '\n'): string {
  const lines = Object.entries(properties).map(([key, value]) => `${key}:${writeValue(value, eol)}${eol}`);
  return `---${eol}${lines.join('')}---${eol}`;
}
