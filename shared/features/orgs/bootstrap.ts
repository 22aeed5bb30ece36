/** What a first start asks for, so that there is something to try: an area and the three shifts of today and tomorrow. */
import type { Wish } from '../../kernel/policy.ts';
import { utcFromLocal, localDate } from '../../kernel/local-time.ts';
import { utc } from '../../kernel/schema.ts';

const DAY = 86_400_000;
const DAY_OF_SHIFTS = [
  { name: 'Early', from: '06:00', to: '14:00' },
  { name: 'Late', from: '14:00', to: '22:00' },
  { name: 'Night', from: '22:00', to: '06:00' },
] as const;

/** `now` in milliseconds. The first wish is asked for by the host, the shifts by a supervisor. */
export function firstArea(): Wish {
  return {
    type: 'areas.create',
    subject: { kind: 'area', id: 'new' },
    input: { path: 'main', name: 'Main area', shifts: DAY_OF_SHIFTS },
  };
}

/** The shifts that begin yesterday evening to tomorrow evening, in the organisation's zone, so that one of them is always now. */
export function firstShifts(now: number, zone: string): Wish[] {
  return [-1, 0, 1].flatMap((day) => {
    const date = localDate(utc(now + day * DAY), zone);
    const next = localDate(utc(now + (day + 1) * DAY), zone);
    return DAY_OF_SHIFTS.filter(({ name }) => day >= 0 || name === 'Night').map(({ name, from, to }) => ({
      type: 'shifts.create',
      subject: { kind: 'shift', id: 'new' as const },
      input: {
        area: 'main',
        name,
        from: utcFromLocal(`${date}T${from}`, zone),
        to: utcFromLocal(`${name === 'Night' ? next : date}T${to}`, zone),
      },
    }));
  });
}
