/** What was written on this device, piece by piece, so that after a seal it can be told from what others wrote. */
import type { TextEdit } from '../../shared/sync/text-merge.ts';
import { editsBetween } from '../../shared/sync/text-merge.ts';
import { wholeWords } from './whole-words.ts';
import { proseWords } from '../words/index.ts';

const PIECES = 300;
const SHOWN = 4000;

export interface OwnWords {
  add(edits: readonly TextEdit[]): void;
  /** Of what stands in `before` and not in `after`, the passages with words of this device. */
  missing(before: string, after: string): readonly string[];
}

export function createOwnWords(): OwnWords {
  let pieces: readonly string[] = [];
  return {
    add(edits) {
      pieces = [...pieces, ...edits.flatMap(({ insert }) => insert.trim() || [])].slice(-PIECES);
    },
    missing: (before, after) =>
      wholeWords(after, editsBetween(after, before))
        .map(({ insert }) => insert.trim())
        .filter((words) => pieces.some((piece) => words.includes(piece))),
  };
}

export function lateSentence(title: string, written: readonly string[], isUntold: boolean): string {
  const words = written.join(' … ').slice(0, SHOWN);
  if (isUntold) return proseWords.lateWaits(title, words);
  return words ? proseWords.late(title, words) : proseWords.lateDeletion(title);
}
