/** A change of a text: what stands between two offsets is replaced. A plan is a list of them in order, none touching another. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export function spliced(text: string, splices: readonly Splice[]): string {
  let out = '';
  let at = 0;
  for (const { from, to, insert } of splices) {
    out += text.slice(at, from) + insert;
    at = to;
  }
  return out + text.slice(at);
}

/** The smallest change with the same effect, so that a cursor beside it stays where it is; nothing when nothing changes. */
export function smallest(text: string, { from, to, insert }: Splice): Splice[] {
  if (text.slice(from, to) === insert) return [];
  let start = 0;
  const most = Math.min(to - from, insert.length);
  while (start < most && text[from + start] === insert[start]) start++;
  let end = 0;
  while (end < most - start && text[to - 1 - end] === insert[insert.length - 1 - end]) end++;
  return [{ from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) }];
}

export const inOrder = (splices: readonly Splice[]): Splice[] => [...splices].sort((a, b) => a.from - b.from);

/** The line ending of a text, as its first line has it. */
export const lineEndOf = (text: string): '\r\n' | '\n' => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n');

export const withLf = (text: string): string => text.replaceAll('\r\n', '\n');
