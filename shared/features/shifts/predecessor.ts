/** What a shift takes over from the one before it, from what both of them say: the same on every device. */
import { standingEntries } from './report-log.ts';
import type { LogEntry, ShiftState } from './contract.ts';

/** The latest shift of the same area that began before this one and was signed, or sealed by the clock. */
export function shiftBefore<R extends { readonly state: unknown }>(
  { area, startedSeq, from }: ShiftState,
  all: readonly R[],
): (R & { readonly state: ShiftState }) | undefined {
  const begun = startedSeq ?? Infinity;
  const earlier = (all as readonly (R & { readonly state: ShiftState })[]).filter(
    ({ state }) =>
      state.area === area &&
      (state.signature !== null || isUnaccepted(state)) &&
      state.startedSeq !== null &&
      (startedSeq === null ? state.from < from : state.startedSeq < begun),
  );
  return earlier.sort((a, b) => a.state.startedSeq! - b.state.startedSeq!).at(-1);
}

/** The clock has sealed it, whoever accepted it since. */
export const isUnaccepted = ({ seal }: Pick<ShiftState, 'seal'>): boolean => seal?.kind === 'unaccepted';

/** Tasks that it decided to hand on. */
export const handedOn = ({ signature }: ShiftState): string[] =>
  (signature?.decisions ?? []).flatMap(({ task, decision }) => (decision === 'cancel' ? [] : task));

const FOR_THE_NEXT = ['handover_item', 'instruction'];
/** What it wrote for whoever comes next. */
export const wordsOn = ({ entries }: ShiftState): LogEntry[] =>
  standingEntries(entries).filter(({ kind }) => FOR_THE_NEXT.includes(kind));
