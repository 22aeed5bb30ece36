/** What the last verification of each seal came to on this device. */
import { localDateTime } from '../../shared/kernel/local-time.ts';
import type { Verification } from '../../shared/proof/verify.ts';
import type { Memory } from '../notes/ports.ts';
import { auditWords } from '../words/index.ts';

export interface Kept {
  /** As people read it in UTC: RFC 3339. */
  readonly at: string;
  readonly verdict: Verification['verdict'];
  /** Of the log that the seal was found in; absent when the note alone was checked. */
  readonly head?: string;
}

const keyOf = (shift: string): string => `verdict:${shift}`;

export const keepVerdict = (memory: Memory, id: string, { verdict, head }: Verification, at: string): void =>
  memory.set(keyOf(id), JSON.stringify({ at, verdict, ...(head === undefined ? {} : { head }) } satisfies Kept));

export function lastVerdict(memory: Memory, id: string): Kept | undefined {
  try {
    const kept = JSON.parse(memory.get(keyOf(id)) ?? 'null') as Partial<Kept> | null;
    return kept?.verdict && kept.at && kept.verdict in SAYS ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

const SAYS: Readonly<Record<Verification['verdict'], string>> = auditWords.cameTo;

export const verdictWords = (kept: Kept | undefined, zone: string): string => {
  if (!kept) return auditWords.notVerified;
  const [when, what] = [
    localDateTime(kept.at, zone).replace('T', ' '),
    kept.head === undefined ? auditWords.noteAlone : '',
  ];
  return auditWords.verified(when, what, SAYS[kept.verdict]);
};
