/** Areas: what a shift is responsible for, and how its day is cut into shifts. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { areaPath, asked, line, uuid } from '../../kernel/schema.ts';
import { tuning, type Tuning } from '../alarms/contract.ts';

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day such as 06:00.');
export const shiftPattern = z.array(z.object({ name: line(40), from: clock, to: clock })).max(8);

export const THREE_SHIFTS: z.output<typeof shiftPattern> = [
  { name: 'Early', from: '06:00', to: '14:00' },
  { name: 'Late', from: '14:00', to: '22:00' },
  { name: 'Night', from: '22:00', to: '06:00' },
];

const description = {
  path: asked(areaPath, { label: 'Place' }),
  name: line(120),
  shifts: shiftPattern.default(THREE_SHIFTS),
};

export const commands = {
  create: command(description, { permission: 'config.write', creates: true, title: 'Create area' }),
  /** All that the area itself says: what is left out is as around it. */
  tune: command({ alarms: tuning }, { permission: 'config.write', title: 'Tune alarms of area', noForm: true }),
} as const;

export const events = {
  'area.created': event(description),
  'area.tuned': event({ path: z.string(), alarms: tuning }),
} as const;

export interface AreaState {
  readonly path: string;
  readonly name: string;
  readonly shifts: z.output<typeof shiftPattern>;
  /** How its alarms are judged, where that differs from what is around it. */
  readonly alarms?: Tuning;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  path: z.string(),
  name: z.string(),
  shifts: shiftPattern,
  alarms: tuning.optional(),
});
