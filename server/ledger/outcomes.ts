/** Answers that were given, for ever (L4). An accepted command's follows from its entries; every other is written down. */
import type { Database } from 'better-sqlite3';
import type { Outcome } from '../../shared/kernel/command.ts';
import type { Kept } from '../../shared/kernel/ledger.ts';
import type { LeafV1 } from '../../shared/proof/leaf.ts';

interface KeptRecord {
  readonly sha256: string | null;
  readonly outcome: string | null;
  readonly leaf: Buffer | null;
}

export function keptOutcomes(db: Database): (no: number, id: string) => Kept | undefined {
  const found = db.prepare<[number, string, number, string], KeptRecord>(
    `SELECT NULL AS sha256, NULL AS outcome, leaf FROM event WHERE org = ? AND command = ?
     UNION ALL SELECT sha256, outcome, NULL FROM command WHERE org = ? AND id = ?`,
  );
  return (no, id) => {
    const records = found.all(no, id, no, id);
    const [first] = records;
    if (!first) return undefined;
    if (first.outcome !== null) return { sha256: first.sha256!, outcome: JSON.parse(first.outcome) as Outcome };
    return toldBy(records.map(({ leaf }) => JSON.parse(leaf!.toString('utf8')) as LeafV1));
  };
}

function toldBy(leaves: readonly LeafV1[]): Kept {
  const { command, subject } = leaves[0]!;
  const seqs = leaves.map(({ seq }) => seq).sort((a, b) => a - b);
  const flags = flagsOf(leaves);
  const head = seqs.at(-1)!;
  return {
    sha256: command.sha256,
    outcome: { outcome: 'accepted', subject, seqs, head, ...(flags.length ? { flags } : {}) },
  };
}

/** The first event of a command speaks for all of them. */
const flagsOf = (leaves: readonly LeafV1[]): readonly string[] =>
  leaves.flatMap(({ body }) => (body as { readonly flags?: readonly string[] }).flags ?? []);

/** Whether entries at these positions, all of them the command's, tell this very answer. */
export const isTold = (outcome: Outcome, appended: readonly number[]): boolean =>
  outcome.outcome === 'accepted' &&
  appended.length > 0 &&
  outcome.head === appended.at(-1) &&
  outcome.seqs.length === appended.length &&
  outcome.seqs.every((seq, i) => seq === appended[i]);
