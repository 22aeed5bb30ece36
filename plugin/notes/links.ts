/**
 * Links that people wrote to a note, when it gets another name: the changes that make them follow. Our own regions are left out, for they
 * are written anew.
 */
import { findRegions, PEOPLE } from './regions.ts';
import { smallest, type Splice } from './splice.ts';

/** `[[PATH#…|…]]`, embedded or not, and `[…](PATH)`. */
const WIKILINK = /(\[\[)([^\]|#\n]+)(?=[\]|#])/g;
const MARKDOWN = /(\]\(<?)([^)>#\s][^)>#\n]*)(?=[)>#])/g;

const nameAt = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');

export function relinked(text: string, from: string, to: string): Splice[] {
  const [was, now] = [nameAt(from), nameAt(to)];
  const ours = [...findRegions(text).values()].filter(({ name }) => name !== PEOPLE);
  const change = (spelled: (name: string) => string, match: RegExpExecArray): Splice[] => {
    const [, before = '', target = ''] = match;
    const start = match.index + before.length + target.lastIndexOf('/') + 1;
    const name = target.slice(target.lastIndexOf('/') + 1);
    const isTo = name === spelled(was) || name === `${spelled(was)}.md`;
    if (!isTo || ours.some((region) => start > region.from && start < region.to)) return [];
    return smallest(text, { from: start, to: start + spelled(was).length, insert: spelled(now) });
  };
  return [
    ...[...text.matchAll(WIKILINK)].flatMap((match) => change((name) => name, match)),
    ...[...text.matchAll(MARKDOWN)].flatMap((match) => [
      ...change(encodeURI, match),
      ...(encodeURI(was) === was ? [] : change((name) => name, match)),
    ]),
  ].sort((a, b) => a.from - b.from);
}
