/** What an update changed, in words that people can read beside a text that they may not change any more. */
import { replaceControls } from '../../shared/kernel/schema.ts';
import type { Change } from './text-doc.ts';

const AROUND = 40;
const BETWEEN = '\n…\n';
/** What an entry takes; all of it is in the update that is kept. */
const MOST = 1_048_000;

export interface LateText {
  readonly inserted: string;
  readonly struck: string;
  /** Up to 40 characters before the first change and after the last one. */
  readonly context: string;
}

export function lateTextOf(before: string, changes: readonly Change[]): LateText {
  const inserted: string[] = [];
  const struck: string[] = [];
  let at = 0;
  let first: number | undefined;
  let last = 0;
  for (const { retain, insert, delete: gone } of changes) {
    if (retain !== undefined) {
      at += retain;
      continue;
    }
    first ??= at;
    if (typeof insert === 'string') inserted.push(insert);
    if (gone !== undefined) struck.push(before.slice(at, (at += gone)));
    last = at;
  }
  const context =
    first === undefined
      ? ''
      : `${before.slice(Math.max(0, first - AROUND), first)}…${before.slice(last, last + AROUND)}`;
  return { inserted: plain(inserted.join(BETWEEN)), struck: plain(struck.join(BETWEEN)), context: plain(context) };
}

/** The bytes themselves are kept; the record takes no control characters and no half characters. */
const plain = (text: string): string =>
  replaceControls(text.replace(/\r\n?/g, '\n'), '\ufffd').slice(0, MOST).toWellFormed();
