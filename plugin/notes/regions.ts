/**
 * Our regions of a note: the lines between `%% operary:NAME %%` and `%% /operary:NAME %%`. A marker that lost its partner marks nothing,
 * and what stands beside it is people's text.
 */
import type { NoteText, Region } from '../../shared/kernel/note.ts';
import { readFrontmatter } from './frontmatter.ts';
import { lineEndOf, smallest, withLf, type Splice } from './splice.ts';

export interface Found {
  readonly name: string;
  /** From the start of the first marker to the end of the second, without its line end. */
  readonly from: number;
  readonly to: number;
  readonly innerFrom: number;
  readonly innerTo: number;
}

const MARKER = /^%% (\/?)operary:([a-z][a-z0-9-]*) %%[ \t]*$/gm;

/** Of several regions of one name the first counts. */
export function findRegions(text: string, bodyFrom = readFrontmatter(text).bodyFrom): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  if (!text.includes('%% operary:')) return found;
  let open: { readonly name: string; readonly from: number; readonly innerFrom: number } | undefined;
  for (const match of markersOf(text, bodyFrom)) {
    const { name, from, to, isEnd } = match;
    if (!isEnd) open = { name, from, innerFrom: text[to] === '\r' ? to + 2 : to + 1 };
    else {
      if (open?.name === name && !found.has(name)) found.set(name, { ...open, to, innerTo: from });
      open = undefined;
    }
  }
  return found;
}

function* markersOf(text: string, bodyFrom: number) {
  // CR is no line end to `$`: a CRLF note is searched with its CRs blanked, which moves no offset.
  const flat = text.includes('\r') ? text.replaceAll('\r\n', ' \n') : text;
  for (const match of flat.slice(bodyFrom).matchAll(MARKER)) {
    const from = bodyFrom + match.index;
    const end = from + match[0].length;
    const to = text[end - 1] === '\r' ? end - 1 : end;
    yield { name: match[2]!, from, to, isEnd: match[1] === '/' };
  }
}

/** What a region holds, in LF, without the line end before its closing marker. */
export const innerOf = (text: string, { innerFrom, innerTo }: Found): string =>
  withLf(text.slice(innerFrom, innerTo)).replace(/\n$/, '');

const written = ({ name, markdown }: Region, eol: string): string =>
  `%% operary:${name} %%${eol}${inner(markdown, eol)}%% /operary:${name} %%${eol}`;
const inner = (markdown: string, eol: string): string => `${markdown}\n`.replaceAll('\n', eol);

export function regionSplice(text: string, found: Found, markdown: string): Splice[] {
  return smallest(text, { from: found.innerFrom, to: found.innerTo, insert: inner(markdown, lineEndOf(text)) });
}

/** A region that people removed stands again at the end, under its heading unless that is still there. */
export function missingRegions(text: string, regions: readonly Region[]): Splice[] {
  if (!regions.length) return [];
  const eol = lineEndOf(text);
  const parts = regions.map((region) => {
    const isThere = region.heading !== undefined && text.split(/\r?\n/).includes(`## ${region.heading}`);
    return `${region.heading === undefined || isThere ? '' : `## ${region.heading}${eol}`}${written(region, eol)}`;
  });
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  return [{ from: text.length, to: text.length, insert: `${gap}${eol}${parts.join(eol)}` }];
}

/** The body of a note that is made for the first time: headings, regions, and the places for people's own words. */
export function firstBody({ regions, sealed }: Pick<NoteText, 'regions' | 'sealed'>): string {
  return regions
    .map((region) => {
      const heading = region.heading === undefined ? '' : `## ${region.heading}\n`;
      const place = region.place === undefined || sealed ? '' : `\n## ${region.place}\n\n`;
      return `${heading}${written(region, '\n')}${place}`;
    })
    .join('\n');
}
