/** What a report is written from. */
import { eventsOfShift, filesAmong, proseOf, select, type Read, type Row } from '../../kernel/read.ts';
import type { Recorded } from '../../kernel/event.ts';
import { activeAlarmsIn } from '../alarms/contract.ts';
import { devicesAll } from '../devices/contract.ts';
import { incidentsResolvedIn, openIncidentsIn } from '../incidents/contract.ts';
import type { OrgState } from '../orgs/contract.ts';
import { tasksCompletedIn, tasksOfShift, tasksToDoIn, tasksToVerifyIn, type TaskState } from '../tasks/contract.ts';
import { allUsers } from '../users/contract.ts';
import { latestSealedOf, lateShiftsOf, shiftsAmong, type ShiftState } from './contract.ts';

export const organisation = () => select<OrgState>('orgs', { limit: 1 });

export const reportReads = (state: ShiftState, id: string) => ({
  org: organisation(),
  self: shiftsAmong([id]),
  users: allUsers(),
  devices: devicesAll(),
  todo: tasksToDoIn(state.area),
  toVerify: tasksToVerifyIn(state.area),
  touched: tasksOfShift(id),
  completed: tasksCompletedIn(id),
  finished: select<TaskState>('tasks', { where: { finishedIn: id }, order: 'oldest' }),
  standing: activeAlarmsIn(state.area),
  openIncidents: openIncidentsIn(state.area),
  resolvedIncidents: incidentsResolvedIn(id),
  events: eventsOfShift(id),
  prose: proseOf([id]),
  lateShifts: lateShiftsOf(state.area),
  latestSealed: latestSealedOf(state.area),
});

interface SeenFirst {
  readonly events: readonly Recorded[];
  readonly finished: readonly Row<TaskState>[];
}

/** What can be asked for only when it is known what the shift finished, and which files its entries name. */
export const furtherReads = ({ events, finished }: SeenFirst) =>
  ({ taskProse: proseOf(finished.map(({ key }) => key)), stored: filesAmong(evidenceOf(events)) }) satisfies Readonly<
    Record<string, Read>
  >;

/** Every file that an event of the shift names as evidence, once, in the order of their names. */
export const evidenceOf = (events: readonly Recorded[]): readonly string[] =>
  [...new Set(events.flatMap(evidenceIn))].sort();

export const evidenceIn = ({ body }: Recorded): readonly string[] =>
  (body as { readonly evidence?: readonly string[] }).evidence ?? [];
