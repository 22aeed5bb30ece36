/** Whether shifts are handed over on time, and to somebody (HSE, DOE-STD-1038: the acceptance makes the handover). */
import { shiftsAmong, type ShiftState } from '../features/shifts/contract.ts';
import type { Row } from '../kernel/read.ts';
import { concerns, isInside, listed, MINUTE, portions, share, spread, type Part, type Scope } from './figure.ts';

const ON_TIME = 15 * MINUTE;

export function handovers(scope: Scope): Part {
  const accepted = new Map<string, number>();
  const withReservations = new Set<string>();
  const refused: string[] = [];
  const unaccepted: string[] = [];
  const late = new Map<string, number>();
  return {
    hear({ type, subject: { id }, area, body }, at) {
      if (!isInside(scope, at) || !concerns(scope, area) || body.aside) return;
      if (type === 'shift.accepted' || type === 'shift.accepted_late') {
        accepted.set(id, at);
        if (body['reservations']) withReservations.add(id);
      }
      if (type === 'shift.refused') refused.push(id);
      if (type === 'shift.sealed' && body['kind'] === 'unaccepted') unaccepted.push(id);
    },
    // A shift's row holds its whole log.
    reads: () => portions([...accepted.keys()], 20).map(shiftsAmong),
    learn(rows) {
      for (const { key, value } of rows as readonly Row<ShiftState>[])
        late.set(key, Math.max(0, accepted.get(key)! - Date.parse(value.to)));
    },
    figures() {
      const minutes = [...late.values()];
      const onTime = minutes.filter((one) => one <= ON_TIME).length;
      return [
        {
          key: 'handover_timeliness',
          title: 'Handovers accepted in time',
          values: {
            share: share(onTime, minutes.length),
            ...spread(minutes),
            withReservations: withReservations.size,
            refused: refused.length,
            unaccepted: unaccepted.length,
          },
          ...{ unit: 's', n: minutes.length, of: 'accepted handovers' },
          target: 'within 15 min after the end of the shift; none unaccepted',
          definition:
            'From the planned end of a shift to its acceptance by the next supervisor, always another person; an earlier one counts as 0.',
          behind: {
            accepted: listed([...late].map(([shift, ms]) => ({ shift, seconds: ms / 1000 }))),
            refused: listed(refused),
            unaccepted: listed(unaccepted),
          },
        },
      ];
    },
  };
}
