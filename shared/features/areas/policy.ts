/** The shifts that the clock has planned are made. */
import { policy, type Wish } from '../../kernel/policy.ts';
import type { Slot } from './contract.ts';

interface Planned {
  readonly path: string;
  readonly graceMinutes: number;
  readonly shifts: readonly (Slot & { readonly shift: string })[];
}

export const policies = [
  policy({
    name: 'make-planned-shifts',
    hears: ['area.shifts_planned'],
    reads: () => ({}),
    asks: (event): Wish[] => {
      const { path, graceMinutes, shifts } = event.body as unknown as Planned;
      return shifts.map(({ shift, name, from, to }) => ({
        type: 'shifts.plan',
        subject: { kind: 'shift', id: shift },
        input: { area: path, name, from, to, graceMinutes },
      }));
    },
  }),
];
