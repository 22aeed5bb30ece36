/** The report on what reached earlier shifts of the area late, while this one ran: their own handovers could not tell of it. */
import { inline } from '../../kernel/markdown.ts';
import type { Row } from '../../kernel/read.ts';
import type { ShiftState } from './contract.ts';
import { lateBefore } from './late.ts';
import { lateLine } from './late-lines.ts';
import type { ReportInput, Words } from './report-input.ts';
import { isUnaccepted } from './predecessor.ts';
import { localMoment, SEALED_BY_CLOCK } from './wording.ts';

/** `null`: nothing came. */
export function earlierShifts(input: ReportInput, { name, zone }: Words): string | null {
  const { state, lateShifts, latestSealed, devices } = input;
  const sealed = new Map<string, Row<ShiftState>>([...latestSealed, ...lateShifts].map((row) => [row.key, row]));
  const names = new Map(devices.map(({ key, value }) => [key, value.name]));
  const words = {
    name,
    device: (id: string) => inline(names.get(id) ?? `device …${id.slice(-8)}`),
    moment: (at: string) => localMoment(at, zone),
  };
  const lines = lateBefore(state, [...sealed.values()]).flatMap(({ of: { number, value }, entries }) =>
    entries.map((entry) => `- S-${number} ${inline(value.name)}: ${lateLine(entry, words)}`),
  );
  const late = lines.length ? [`**Late entries to earlier shifts**\n\n${lines.join('\n')}`] : [];
  const parts = [...unaccepted(state, [...sealed.values()], name), ...late];
  return parts.length ? parts.join('\n\n') : null;
}

/** The shift before this one, where the clock had to seal it. */
function unaccepted(state: ShiftState, sealed: readonly Row<ShiftState>[], name: Words['name']): string[] {
  const before = sealed
    .filter(({ value }) => value.startedSeq !== null && value.startedSeq < (state.startedSeq ?? 0))
    .sort((a, b) => b.value.startedSeq! - a.value.startedSeq!)[0];
  if (!before || !isUnaccepted(before.value)) return [];
  const { lateAcceptance } = before.value;
  const since = lateAcceptance ? `; ${name(lateAcceptance.by)} accepted it after its seal` : '';
  return [`**S-${before.number} ${inline(before.value.name)}** was ${SEALED_BY_CLOCK}${since}.`];
}
