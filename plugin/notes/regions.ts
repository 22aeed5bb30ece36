/**
 * Our regions of a note: the lines between `%% operary:NAME %%` and `%% /operary:NAME %%`. A marker that lost its partner marks nothing,
 * and what stands beside it is people's text.
 */
import type { NoteText, Region } from '../../shared/kernel/note.ts';
import { bodyFromOf } from './frontmatter.ts';
import { lineEndOf, smallest, withLf, type Splice } from './splice.ts';

export interface Found {
  readonly name: string;
  /** From the start of the first marker to the end of the second, without its line end. */
  readonly from: number;
  readonly to: number;
  readonly innerFrom: number;
  readonly innerTo: number;
}

/** The one region that is people's own: kept in step with a room, never written from the record. */
export const PEOPLE = 'notes';

const MARKER = /^%% (\/?)operary:([a-z][a-z0-9-]*) %%[ \t]*$/gm;

/** Of several regions of one name the first counts. What stands inside people's region marks nothing, whatever it looks like. */
export function findRegions(text: string, bodyFrom = bodyFromOf(text)): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const markers = markersOf(text, bodyFrom);
  let open: Marker | undefined;
  for (let i = 0; i < markers.length; i++) {
    let marker = markers[i]!;
    if (!marker.isEnd) {
      const end = marker.name === PEOPLE ? markers.findIndex((one, n) => n > i && isEndOfPeople(one)) : -1;
      open = marker.name === PEOPLE && end < 0 ? undefined : marker;
      if (end < 0) continue;
      i = end;
      marker = markers[end]!;
    }
    if (open?.name === marker.name && !found.has(marker.name)) found.set(marker.name, between(text, open, marker));
    open = undefined;
  }
  return found;
}

const isEndOfPeople = ({ name, isEnd }: Marker): boolean => isEnd && name === PEOPLE;

const between = (text: string, start: Marker, end: Marker): Found => ({
  name: start.name,
  from: start.from,
  to: end.to,
  innerFrom: text[start.to] === '\r' ? start.to + 2 : start.to + 1,
  innerTo: end.from,
});

export interface Marker {
  readonly name: string;
  /** Of its line, without the line end. */
  readonly from: number;
  readonly to: number;
  readonly isEnd: boolean;
}

export function markersOf(text: string, bodyFrom: number): readonly Marker[] {
  if (!text.includes('operary:')) return [];
  // CR is no line end to `$`: a CRLF note is searched with its CRs blanked, which moves no offset.
  const flat = text.includes('\r') ? text.replaceAll('\r\n', ' \n') : text;
  return [...flat.slice(bodyFrom).matchAll(MARKER)].map((match) => {
    const from = bodyFrom + match.index;
    const end = from + match[0].length;
    return { name: match[2]!, from, to: text[end - 1] === '\r' ? end - 1 : end, isEnd: match[1] === '/' };
  });
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

/** The body of a note that is made for the first time: headings, our regions, and the region for people's own words. */
export function firstBody({ regions, prose }: Pick<NoteText, 'regions' | 'prose'>): string {
  return regions
    .flatMap((region) => {
      const heading = region.heading === undefined ? '' : `## ${region.heading}\n`;
      const own = `${heading}${written(region, '\n')}`;
      return prose?.after === region.name ? [own, emptyPeoples(prose.heading, '\n')] : [own];
    })
    .join('\n');
}

/** With its heading, and an empty line to write on. */
export const emptyPeoples = (heading: string, eol: string): string =>
  `## ${heading}${eol}${written({ name: PEOPLE, markdown: '' }, eol)}`;
