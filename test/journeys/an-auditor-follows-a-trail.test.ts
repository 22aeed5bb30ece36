/** A trail that leads from a sealed shift into one that runs: the auditor sees that there is more, not what. And the shift's timeline. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Timeline } from '../../shared/kernel/timeline.ts';
import { leedsWorks, PACKAGING, type Leeds } from '../kit/leeds.ts';
import { refusal, type Shift, type Task, type Trail } from '../kit/shapes.ts';

interface Seen extends Omit<Trail, 'items'> {
  readonly items: readonly (Trail['items'][number] & { readonly visible: boolean; readonly more: boolean })[];
}

let leeds: Leeds;
let night: Shift;
let early: Shift;
let first: Task;
let second: Task;
const plan = (name: string, from: string, to: string) =>
  leeds.plant.priya.post<Shift>('/v1/shifts', { area: PACKAGING, name, from, to });

beforeAll(async () => {
  leeds = await leedsWorks();
  const { priya, tom, marek, ids } = leeds.plant;
  const make = (title: string, more: object = {}) =>
    priya.post<Task>('/v1/tasks', { title, area: PACKAGING, assignee: { user: ids['marek'] }, ...more });
  leeds.at('22:00');
  night = await plan('Night', '2026-11-20T22:00:00Z', '2026-11-21T06:00:00Z');
  early = await plan('Early', '2026-11-21T06:00:00Z', '2026-11-21T14:00:00Z');
  await priya.post(`/v1/shifts/${night.id}/start`, { crew: [{ user: ids['marek'], role: 'maintenance_engineer' }] });
  leeds.at('01:12');
  first = await make('Filler 2 too hot');
  await marek.post(`/v1/tasks/${first.id}/acknowledge`);
  leeds.at('06:00');
  await priya.post(`/v1/shifts/${night.id}/close`);
  await priya.post(`/v1/shifts/${night.id}/sign`, { decisions: [{ task: first.id, decision: 'continue' }] });
  await tom.post(`/v1/shifts/${night.id}/accept`);
  await tom.post(`/v1/shifts/${early.id}/start`, { crew: [{ user: ids['marek'], role: 'maintenance_engineer' }] });
  await tom.post(`/v1/shifts/${night.id}/seal`);
  await leeds.settled();
  leeds.at('2026-11-21T07:00:00Z');
  await marek.post(`/v1/tasks/${first.id}/start`);
  second = await make('Change its bearing', { upstream: [{ kind: 'task', id: first.id, rel: 'follow_up_of' }] });
  await leeds.settled();
});
afterAll(() => leeds.close());

test('[L14] the auditor follows a trail as far as it is sealed, and sees that there is more, not what', async () => {
  const trail = await leeds.plant.aude.get<Seen>(`/v1/tasks/${first.id}/trail`);
  const [own, next] = [first, second].map(({ id }) => trail.items.find((item) => item.id === id));
  expect(own).toMatchObject({ ref: first.ref, title: 'Filler 2 too hot', visible: true, more: true });
  expect(next).toMatchObject({ ref: null, title: null, visible: false, more: true });
  expect(new Set(trail.events.map(({ shift }) => shift))).toEqual(new Set([night.id]));
  expect(trail.events.map(({ type }) => type)).toContain('task.acknowledged');
  expect(JSON.stringify(trail)).not.toContain('bearing');
  expect(trail.events.map(({ type }) => type)).not.toContain('task.started');
});

test('[L14] where nothing is sealed there is no trail for the auditor, as if there were no such item', async () => {
  const [theirs, nobodys] = await Promise.all(
    [second.id, '019aa000-0000-7000-8000-0000000000ff'].map((id) =>
      refusal(leeds.plant.aude.ask('GET', `/v1/tasks/${id}/trail`)),
    ),
  );
  expect(theirs).toMatchObject({ status: 403 });
  expect({ ...theirs, instance: '', requestId: '' }).toEqual({ ...nobodys, instance: '', requestId: '' });
});

test('who works there sees it all, and nothing is said to be missing', async () => {
  const trail = await leeds.plant.priya.get<Seen>(`/v1/tasks/${first.id}/trail`);
  expect(trail.items.map(({ title }) => title)).toEqual(['Filler 2 too hot', 'Change its bearing']);
  expect(trail.items.every(({ visible, more }) => visible && more === false)).toBe(true);
});

test('the timeline of a shift counts what happened in it, by ten minutes', async () => {
  const timeline = await leeds.plant.priya.get<Timeline>(`/v1/shifts/${night.id}/timeline`);
  expect(timeline).toMatchObject({ from: '2026-11-20T22:00:00.000Z', minutes: 10, outside: 0 });
  expect(timeline.opened.length).toBeGreaterThanOrEqual(48);
  expect(timeline.opened.indexOf(1)).toBe(((3 * 60 + 12) / 10) | 0);
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
  expect([timeline.raised, timeline.opened, timeline.closed, timeline.logged].map(sum)).toEqual([0, 1, 0, 0]);
  expect((await leeds.plant.aude.ask('GET', `/v1/shifts/${night.id}/timeline`)).status).toBe(200);
  expect((await leeds.plant.aude.ask('GET', `/v1/shifts/${early.id}/timeline`)).status).toBe(404);
});
