/**
 * The text of a note and the text of its room, brought together over what both last agreed on (the shadow). Where that is not known, what
 * both have in common takes its place: then nothing counts as deleted, and nothing that stands on either side is lost (L12).
 */
import { diff } from '../../shared/sync/text-diff.ts';
import { mergeText } from '../../shared/sync/text-merge.ts';

export interface Sides {
  readonly base: string | undefined;
  readonly local: string;
  readonly remote: string;
}

export function together({ base, local, remote }: Sides): string {
  if (local === remote) return local;
  return mergeText(base ?? common(local, remote), local, remote).text;
}

function common(a: string, b: string): string {
  const lines = a.split('\n');
  let at = 0;
  const kept: string[] = [];
  for (const { start, end } of diff(lines, b.split('\n'))) {
    kept.push(...lines.slice(at, start));
    at = end;
  }
  return [...kept, ...lines.slice(at)].join('\n');
}
