/** A machine of packaging that says of one condition that it is on, off, acknowledged; and what came of it. */
import {
  conditionId,
  type Announcement,
  type ConditionState,
  type Occurrence,
  type Transition,
  type Tuning,
} from '../../shared/features/alarms/contract.ts';
import { dueAt } from '../../shared/features/alarms/due.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { select } from '../../shared/kernel/read.ts';
import type { Priority } from '../../shared/kernel/work.ts';
import { alarm, area } from './ask.ts';
import { aNightShift, anOrganisation, PACKAGING } from './given.ts';
import { host, ORG, scada } from './people.ts';
import { createPlant, type Plant, type Step } from './plant.ts';

/** `22:01:30` of the night. */
export const clock = (time: string): string => `${time < '12' ? '2026-11-21' : '2026-11-20'}T${time}.000Z`;
/** So many seconds after the night has begun. */
export const after = (seconds: number): string =>
  new Date(Date.parse(clock('22:00:00')) + seconds * 1000).toISOString();

const SEVERITY: Readonly<Record<Priority, string>> = { P1: 'critical', P2: 'high', P3: 'medium', P4: 'low' };

export type Said = Partial<Transition>;

export const transitionOf = (condition: string, kind: Transition['kind'], at: string, said: Said = {}): Transition => ({
  ...{ conditionKey: condition, occurrenceKey: null, messageKey: null, kind, at },
  ...{ clearCause: kind === 'cleared' ? 'condition' : null, severity: SEVERITY[said.priority ?? 'P3'], priority: 'P3' },
  ...{ class: 'maintenance', area: PACKAGING, equipment: null, title: `${condition} high`, text: null },
  ...{ value: null, unit: null, links: [], ...said },
});

/** The clock goes on to this time, and whatever is due on the way is asked. */
export const until =
  (at: string): Step =>
  async (plant) => {
    await plant.settle();
    for (let next = await nextDue(plant); next !== undefined && next < at; next = await nextDue(plant)) {
      plant.waitUntil(next);
      await plant.settle();
    }
    if (at > plant.now()) plant.waitUntil(at);
    await plant.settle();
  };

const nextDue = async (plant: Plant): Promise<string | undefined> =>
  (await rows<ConditionState>(plant, 'alarms')).flatMap((state) => dueAt(state) ?? []).sort()[0];

export function signals(condition: string, always: Said = {}) {
  const thing = alarm(conditionId(ORG, scada.id, condition));
  const says = (kind: Transition['kind'], at: string, said: Said = {}) => {
    const transition = transitionOf(condition, kind, at, { ...always, ...said });
    const delivery = alarm(`${condition} ${kind} ${at}`).id;
    return thing.observe({ integration: scada.id, delivery, transition }, { occurredAt: at }).by(scada);
  };
  /** Heard when it is said, unless that lies in the past. */
  const live =
    (kind: Transition['kind']) =>
    (at: string, said: Said = {}): Step =>
    (plant) =>
      plant.run(until(at), says(kind, at, said));
  return {
    ...thing,
    /** Whatever the clock shows. */
    says,
    on: live('active'),
    off: live('cleared'),
    acked: live('acked'),
    info: live('info'),
    state: (plant: Plant) => plant.state<ConditionState>(thing),
    /** Its events without the feature's name, with the rule that held it; not what it became part of. */
    async told(plant: Plant): Promise<string[]> {
      const own = (await plant.history(thing)).filter(({ type }) => !/^alarm\.(?:un)?joined$/.test(type));
      return own.map(({ type, body }) => {
        const { held } = body as { held?: { by: string } };
        return `${type.slice('alarm.'.length)}${held ? ` (${held.by})` : ''}`;
      });
    },
  };
}

export const aPlantAtNight = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps);

export const tuned = (alarms: Tuning) => area('packaging').tune({ alarms }).by(host);

const rows = async <S>(plant: Plant, table: string): Promise<readonly S[]> =>
  (await plant.ledger.load(ORG, select<S>(table, { order: 'oldest' }))).map(({ value }) => value);
/** Of alarms: what is made for a flood as a whole is not among them. */
export const tasksOf = async (plant: Plant) =>
  (await rows<TaskState>(plant, 'tasks')).filter(({ condition }) => condition !== null);
export const occurrencesOf = (plant: Plant) => rows<Occurrence>(plant, 'occurrences');
export const announcementsOf = (plant: Plant) => rows<Announcement>(plant, 'announcements');
