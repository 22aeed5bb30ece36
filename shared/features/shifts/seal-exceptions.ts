/** What a reader of the seal must know: how the handover went, which devices were not heard of, which evidence was still on its way. */
import type { ShiftState } from './contract.ts';
import type { MissingDevice } from './missing-devices.ts';
import type { ReportInput } from './report-input.ts';
import { evidenceIn } from './report-reads.ts';
import { refOf } from './report-tasks.ts';
import { SEALED_BY_CLOCK } from './wording.ts';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

export function handoverExceptions({ acceptance, signature, refusals }: ShiftState): readonly string[] {
  const unread = (signature?.criticalItems ?? []).filter((id) => !acceptance?.criticalItems.includes(id)).length;
  return [
    ...(acceptance ? [] : ['Nobody accepted this handover']),
    ...(acceptance?.reservations ? [`Accepted with reservations: ${oneLine(acceptance.reservations)}`] : []),
    ...(unread ? [`${unread} critical item(s) were not read back`] : []),
    ...refusals.map(({ reason }) => `Refused before: ${oneLine(reason)}`),
  ];
}

/** Only the clock seals what nobody has accepted. */
export const clockExceptions = ({ acceptance, graceMinutes }: ShiftState): readonly string[] =>
  acceptance ? [] : [`The shift was ${SEALED_BY_CLOCK} within ${graceMinutes} minutes after its end`];

export const missingExceptions = (missing: readonly MissingDevice[], reason: string | undefined): readonly string[] =>
  missing.map(({ says }) => `${says}${reason === undefined ? '' : `: ${oneLine(reason)}`}`);

/** Evidence that an entry names and that had not arrived, counted for each task. */
export function pendingExceptions({
  events,
  touched,
  completed,
  finished,
  stored,
}: Pick<ReportInput, 'events' | 'touched' | 'completed' | 'finished'> & {
  readonly stored?: readonly string[];
}): readonly string[] {
  if (!stored) return [];
  const refs = new Map([...touched, ...completed, ...finished].map((row) => [row.key, refOf(row)]));
  const pending = new Map<string, Set<string>>();
  for (const event of events) {
    const names = evidenceIn(event).filter((name) => !stored.includes(name));
    if (!names.length) continue;
    const of = refs.get(event.subject.id) ?? 'an entry';
    pending.set(of, new Set([...(pending.get(of) ?? []), ...names]));
  }
  return [...pending].map(([of, { size }]) =>
    size === 1
      ? `1 photo or file of ${of} was still on a device`
      : `${size} photos or files of ${of} were still on a device`,
  );
}
