/** What a report is written from. */
import { eventsOfShift, select } from '../../kernel/read.ts';
import { activeAlarmsIn } from '../alarms/contract.ts';
import type { OrgState } from '../orgs/contract.ts';
import { tasksCompletedIn, tasksOfShift, tasksToDoIn, tasksToVerifyIn } from '../tasks/contract.ts';
import { allUsers } from '../users/contract.ts';
import { shiftsAmong, type ShiftState } from './contract.ts';

export const organisation = () => select<OrgState>('orgs', { limit: 1 });

export const reportReads = (state: ShiftState, id: string) => ({
  org: organisation(),
  self: shiftsAmong([id]),
  users: allUsers(),
  todo: tasksToDoIn(state.area),
  toVerify: tasksToVerifyIn(state.area),
  touched: tasksOfShift(id),
  completed: tasksCompletedIn(id),
  standing: activeAlarmsIn(state.area),
  events: eventsOfShift(id),
});
