/** Alarm flood (domain model 3.5; ISA-18.2): one incident with its first-out alarm, to which all that is held by it belongs; nothing is dropped. */
import * as fc from 'fast-check';
import type { Logger } from 'pino';
import { describe, expect, test } from 'vitest';
import { carryOut } from '../../server/followers/policies.ts';
import { causesIn } from '../../server/http/causes.ts';
import { openFloodsOver, type IncidentState } from '../../shared/features/incidents/contract.ts';
import { beginning, endsAt, withAlarm } from '../../shared/features/incidents/flood.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { pathsUp } from '../../shared/kernel/record.ts';
import { rootsOf } from '../../shared/kernel/trail.ts';
import { conditionId, type ConditionState } from '../../shared/features/alarms/contract.ts';
import { alarm, incident, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, LINE_3, PACKAGING } from '../kit/given.ts';
import { ana, dana, ORG, scada } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import '../kit/seed.ts';

/** What the alarm engine says of an alarm in a flood: all but P1 are held. */
const inFlood = (event: FeedEvent): FeedEvent =>
  event.type === 'alarm.activated' && (event.body as { priority?: string }).priority !== 'P1'
    ? {
        ...event,
        body: { ...event.body, held: { by: 'flood', rule: '10 new alarms in 10 minutes', until: null } },
      }
    : event;

/** Signals of a plant in flood, each at its own minute, and the real policies on what follows from them. */
async function aFlood() {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const refused: unknown[] = [];
  const hear = carryOut(plant.ledger, plant.register, {
    warn: (what: unknown) => refused.push(what),
  } as unknown as Logger);
  let heard = await plant.head();
  const settle = async () => {
    for (let event: FeedEvent | undefined; (event = (await plant.ledger.events(ORG, heard, 1))[0]); heard = event.seq)
      await hear([inFlood(event)], new AbortController().signal);
  };
  const signal = async (n: number, more: object = {}) => {
    const transition = {
      ...{ conditionKey: `LS-${n}`, occurrenceKey: null, messageKey: null, kind: 'active', clearCause: null },
      ...{ severity: 'warning', priority: 'P3', class: 'production', at: plant.now(), area: LINE_3 },
      ...{ equipment: null, title: `Level ${n} high`, text: null, value: null, unit: null, links: [], ...more },
    };
    const thing = alarm(conditionId(ORG, scada.id, `LS-${n}`));
    await plant.ask(
      thing.observe({ integration: scada.id, delivery: thing.id, transition: transition as never }).by(scada),
    );
    await settle();
  };
  return { plant, refused, settle, signal };
}
const all = async <T>(plant: Plant, table: string): Promise<readonly Row<T>[]> =>
  plant.ledger.load(ORG, select<T>(table, { order: 'oldest' }));
const open = (plant: Plant) => plant.ledger.load(ORG, openFloodsOver(pathsUp(LINE_3)));

describe('a flood of thirty alarms, two of them P1', () => {
  const story = async () => {
    const flood = await aFlood();
    for (let n = 0; n < 30; n++) {
      flood.plant.pass(0.1);
      await flood.signal(n, n % 15 === 7 ? { priority: 'P1' } : {});
    }
    const [row] = await all<IncidentState>(flood.plant, 'incidents');
    return { ...flood, row: row! };
  };
  test('is one incident of the position, with the first alarm as first out and all thirty as items', async () => {
    const { plant, row, refused } = await story();
    expect(await all(plant, 'incidents')).toHaveLength(1);
    expect(row.value).toMatchObject({
      ...{ kind: 'flood', area: PACKAGING, priority: 'P2', status: 'open', title: `Alarm flood in ${PACKAGING}` },
      rule: 'Flood: 10 new alarms in 10 minutes',
      firstOut: { title: 'Level 0 high' },
    });
    expect(row.value.items.filter(({ kind }) => kind === 'occurrence')).toHaveLength(30);
    expect(refused).toEqual([]);
  });
  test('makes one task for itself and one for each P1, and none for the others', async () => {
    const { plant, row } = await story();
    const tasks = (await all<TaskState>(plant, 'tasks')).map(({ value }) => value);
    expect(tasks.map(({ title, priority, assignee }) => [title, priority, assignee])).toEqual([
      [`Alarm flood in ${PACKAGING}: first out Level 0 high`, 'P2', { role: 'line_lead' }],
      ['Level 7 high', 'P1', { role: 'line_lead' }],
      ['Level 22 high', 'P1', { role: 'line_lead' }],
    ]);
    expect(tasks[0]!.upstream).toEqual([{ kind: 'incident', id: row.key, rel: 'part_of' }]);
  });
  test('is the one root of every episode and every task in it', async () => {
    const { plant, row } = await story();
    const { up } = causesIn(plant.ledger, plant.register, ORG);
    const tasks = (await all(plant, 'tasks')).map(({ key }) => ({ kind: 'task', id: key }));
    for (const item of [...row.value.items, ...tasks])
      expect(await rootsOf({ kind: item.kind, id: item.id }, up)).toEqual([{ kind: 'incident', id: row.key }]);
  });
  test('ends by the clock when fewer than five came in ten minutes, and stays open for people; nothing bursts', async () => {
    const { plant, row, settle } = await story();
    plant.pass(9);
    await plant.settle();
    expect(await open(plant)).toHaveLength(1);
    const tasks = (await all(plant, 'tasks')).length;
    plant.pass(1);
    await plant.settle();
    await settle();
    expect(await open(plant)).toEqual([]);
    expect(await plant.state<IncidentState>({ kind: 'incident', id: row.key })).toMatchObject({ status: 'open' });
    expect((await plant.history({ kind: 'incident', id: row.key })).at(-1)).toMatchObject({
      type: 'incident.flood_ended',
      body: { joined: 30, stillActive: 30 },
    });
    expect(await all(plant, 'tasks')).toHaveLength(tasks);
  });
  test('an item of it can still become a task by hand', async () => {
    const { plant, row } = await story();
    const { id } = row.value.items[3]!;
    const upstream = [{ kind: 'occurrence', id, rel: 'caused_by' as const }];
    await plant.ask(task('by hand').create({ title: 'Look at level 3', area: LINE_3, upstream }).by(ana));
    const roots = await rootsOf(
      { kind: 'task', id: task('by hand').id },
      causesIn(plant.ledger, plant.register, ORG).up,
    );
    expect(roots).toEqual([{ kind: 'incident', id: row.key }]);
  });
  test('resolved while it goes on, it takes nothing more: the next alarm opens another one', async () => {
    const { plant, row, signal } = await story();
    await plant.ask(incident(row.key).resolve({ text: 'Power is back' }).by(dana));
    await signal(31);
    await signal(32);
    const [first, second] = await all<IncidentState>(plant, 'incidents');
    expect([first!.value.status, second!.value.status]).toEqual(['resolved', 'open']);
    expect(second!.value.items.map(({ title }) => title)).toContain('Level 32 high');
    expect(await open(plant)).toMatchObject([{ key: second!.key }]);
  });
});

describe('an alarm that meets an incident which was resolved that very moment', () => {
  const oil = alarm('oil');
  const engine = { ...scada, kind: 'engine' as const };
  const missed = async (isFloodAgain: boolean) => {
    const { plant, settle, signal } = await aFlood();
    await signal(1);
    const [row] = await all<IncidentState>(plant, 'incidents');
    const first = incident(row!.key);
    await plant.ask(first.resolve({ text: 'Done' }).by(dana));
    if (isFloodAgain) await signal(2);
    await plant.ask(oil.report({ text: 'Oil', area: LINE_3 }).by(dana));
    const { occurrence } = await plant.state<ConditionState>(oil);
    const late = { kind: 'occurrence' as const, id: occurrence!, condition: oil.id, title: 'Oil' };
    await plant.ask(first.gather({ items: [late] }).by(engine));
    await settle();
    return (await all<IncidentState>(plant, 'incidents')).map(({ value }) => ({
      status: value.status,
      alarms: value.items.flatMap(({ kind, title }) => (kind === 'occurrence' ? title : [])),
    }));
  };
  test('opens a new one', async () =>
    expect(await missed(false)).toEqual([
      { status: 'resolved', alarms: ['Level 1 high'] },
      { status: 'open', alarms: ['Oil'] },
    ]));
  test('joins the next flood where there is one', async () =>
    expect(await missed(true)).toEqual([
      { status: 'resolved', alarms: ['Level 1 high'] },
      { status: 'open', alarms: ['Level 2 high', 'Oil'] },
    ]));
});

describe('the end of a flood', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 0, 0) + minute * 60_000).toISOString();
  test('comes ten minutes after it began at the soonest', () => expect(endsAt(beginning(at(0), null))).toBe(at(10)));
  test('is put off as long as five came within ten minutes', () => {
    const minutes = [1, 2, 3, 4, 7, 8];
    expect(endsAt(minutes.reduce((flood, minute) => withAlarm(flood, at(minute)), beginning(at(0), null)))).toBe(
      at(12),
    );
  });
  test('has come once', () => expect(endsAt({ ...beginning(at(0), null), endedAt: at(10) })).toBeNull());
  test('is the first moment from ten minutes on at which fewer than the threshold lie in the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(40), { maxLength: 60 }), (end, unsorted) => {
        const joins = unsorted.toSorted((a, b) => a - b);
        const flood = joins.reduce((so, minute) => withAlarm(so, at(minute)), beginning(at(0), end));
        const within = (t: number) => joins.filter((join) => join > t - 10 && join <= t).length;
        // Nothing comes after the last one.
        let expected = Math.max(10, joins.at(-1) ?? 0);
        while (within(expected) >= end) expected += 1;
        const found = (Date.parse(endsAt(flood)!) - Date.parse(at(0))) / 60_000;
        expect(Math.max(found, joins.at(-1) ?? 0)).toBe(expected);
      }),
    );
  });
});
