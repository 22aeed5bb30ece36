/** What came after the seal: how it stands beside the record, which positions it has, and who has yet to be told. */
import * as z from 'zod';
import { sha256Name, uuid } from '../../kernel/schema.ts';

const lateKind = z.enum(['made_before_seal', 'made_after_seal', 'unknown']);
const item = z.object({ kind: z.string(), id: z.string() });

/** One entry beside the sealed record; `noted`: the position of the other stream's event that it tells of. */
export const lateEntry = z.object({
  seq: z.int(),
  noted: z.int().nullable(),
  item: item.nullable(),
  entry: uuid.nullable(),
  at: z.string(),
  recordedAt: z.string(),
  receivedAt: z.string(),
  by: z.string(),
  device: z.string().nullable(),
  kind: z.string(),
  text: z.string(),
  struck: z.string().nullable(),
  context: z.string().nullable(),
  lateKind: lateKind.nullable(),
  flags: z.array(z.string()).readonly(),
});
export type LateEntry = z.output<typeof lateEntry>;

/** What was true of what a device saw but not of what it met: one line, and nothing else changes. */
export const aside = z.object({
  seq: z.int(),
  at: z.string(),
  by: z.string(),
  device: z.string().nullable(),
  what: z.string(),
  text: z.string().nullable(),
  flags: z.array(z.string()).readonly(),
});
export type Aside = z.output<typeof aside>;

export const lateRead = z.object({ seq: z.int(), by: z.string(), at: z.string(), upTo: z.int() });
export type LateRead = z.output<typeof lateRead>;

/** A late fact of another stream, as the policy that hears it tells it to its shift. */
export const notedShape = {
  /** `null` where the entry itself belongs to no shift. */
  seq: z.int().nullable(),
  type: z.string(),
  item,
  by: z.string(),
  device: z.string().nullable(),
  at: z.string(),
  recordedAt: z.string(),
  receivedAt: z.string(),
  lateKind: lateKind.nullable(),
  flags: z.array(z.string()).readonly(),
  text: z.string(),
};
/** What was typed into sealed text: it stands beside it, in words. */
export const proseShape = {
  author: uuid,
  device: z.string().nullable(),
  inserted: z.string(),
  struck: z.string(),
  context: z.string(),
  update: sha256Name,
  receivedAt: z.string(),
};

interface Late {
  readonly seal: { readonly seq: number } | null;
  readonly amendments: readonly { readonly seq: number }[];
  readonly lateEntries: readonly LateEntry[];
  readonly asides: readonly Aside[];
  readonly lateReads: readonly LateRead[];
  readonly lateAcceptance: { readonly seq: number } | null;
}

/** Whether anything stands beside the sealed record. */
export const hasLate = (state: Late): boolean => lateCount(state) > 0;

/** How many entries do. */
export const lateCount = ({ seal, amendments, lateEntries, asides, lateAcceptance }: Late): number =>
  seal === null
    ? 0
    : amendments.length +
      lateEntries.length +
      asides.filter(({ seq }) => seq > seal.seq).length +
      (lateAcceptance ? 1 : 0);

export const newestLate = ({ lateEntries }: Pick<Late, 'lateEntries'>): number => lateEntries.at(-1)?.seq ?? 0;

export function unreadLate({ lateEntries, lateReads }: Late): readonly LateEntry[] {
  const readTo = lateReads.reduce((most, { upTo }) => Math.max(most, upTo), 0);
  return lateEntries.filter(({ seq }) => seq > readTo);
}

/** Positions after the seal that belong to the shift, in order: those of its own stream, and the late facts of others. */
export function lateSeqs({
  seal,
  amendments,
  lateEntries,
  asides,
  lateReads,
  lateAcceptance,
}: Late): readonly number[] {
  const accepted = lateAcceptance ? [lateAcceptance] : [];
  const own = [...amendments, ...lateEntries, ...asides, ...lateReads, ...accepted].map(({ seq }) => seq);
  const others = lateEntries.flatMap(({ noted }) => noted ?? []);
  return [...new Set([...own, ...others])].filter((seq) => seal !== null && seq > seal.seq).sort((a, b) => a - b);
}

interface Told extends Late {
  readonly area: string;
  readonly startedSeq: number | null;
}

/**
 * What arrived for earlier shifts of the area while this one ran, or between the seal before it and its start: nobody else's handover
 * tells of that.
 */
export function lateBefore<T extends { readonly value: Told }>(
  self: Told,
  sealed: readonly T[],
): readonly { readonly of: T; readonly entries: readonly LateEntry[] }[] {
  const { area, startedSeq, seal } = self;
  if (startedSeq === null) return [];
  const others = sealed.filter(({ value }) => value.area === area && value.seal !== null);
  const before = others.map(({ value }) => value.seal!.seq).filter((seq) => seq < startedSeq);
  const from = before.length ? Math.max(...before) : startedSeq;
  return others.flatMap((of) => {
    const entries = of.value.lateEntries.filter(({ seq }) => seq > from && (seal === null || seq < seal.seq));
    return entries.length ? [{ of, entries }] : [];
  });
}
