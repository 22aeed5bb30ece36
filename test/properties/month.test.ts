/** A generated month of a plant: whatever came to its end leads up to exactly one root (domain model 2.9; the promise of a whole trace). */
import { expect, test } from 'vitest';
import type { Occurrence } from '../../shared/features/alarms/contract.ts';
import { tasksToDoIn, type TaskState } from '../../shared/features/tasks/contract.ts';
import { CAUSAL, type Link } from '../../shared/kernel/event.ts';
import { select } from '../../shared/kernel/read.ts';
import { alarm, shift, task } from '../kit/ask.ts';
import { anOrganisation, LINE_3, PACKAGING } from '../kit/given.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, ben, dana, marek, ORG, scada, tom } from '../kit/people.ts';
import { createPlant, seededRandom, type Plant, type Said } from '../kit/plant.ts';

useNativeCrypto();
const HOUR = 3_600_000;
const crew = [
  { user: dana.id, role: 'line_lead' as const },
  { user: ben.id, role: 'operator' as const },
  { user: marek.id, role: 'maintenance_engineer' as const },
];

/** Three shifts a day for thirty days: alarms on and off, reports, tasks worked, cancelled, reopened, followed up, carried over. */
async function aMonth(): Promise<Plant> {
  const plant = await createPlant().run(anOrganisation());
  const bytes = seededRandom(2026);
  const chance = (percent: number) => bytes(1)[0]! < percent * 2.56;
  const begin = Date.parse(plant.now());
  for (let n = 0; n < 90; n++) {
    const from = new Date(begin + n * 8 * HOUR).toISOString();
    const to = new Date(begin + (n + 1) * 8 * HOUR).toISOString();
    const mine = shift(`shift-${n}`);
    const [out, incoming] = n % 2 ? [ana, tom] : [tom, ana];
    plant.waitUntil(from);
    await plant.run(mine.create({ area: PACKAGING, from, to }).by(out), mine.start({ crew }).by(out));
    for (let i = 0; i < 6; i++) {
      plant.pass(20);
      const signal = { condition: `c${bytes(1)[0]! % 9}`, title: 'Level high', occurredAt: plant.now(), area: LINE_3 };
      if (chance(60)) await plant.deliver(scada, { ...signal, state: chance(50) ? 'active' : 'cleared' });
      if (chance(15)) await plant.must(alarm(`r-${n}-${i}`).report({ text: 'Oil on the floor', area: LINE_3 }).by(ben));
      if (chance(20)) await plant.must(task(`t-${n}-${i}`).create({ title: 'Sweep', area: PACKAGING }).by(dana));
    }
    for (const { key, value } of await plant.ledger.load(ORG, tasksToDoIn(PACKAGING))) {
      const one = task(key);
      const worked = async (...said: Said[]) => {
        for (const each of said) await plant.must(each);
      };
      if (value.status === 'open') await worked(one.assign({ assignee: { user: marek.id } }).by(out));
      if (chance(15)) await worked(one.cancel({ reasonCode: 'not_needed' }).by(out));
      else if (chance(55) && (await plant.state<TaskState>(one)).status === 'assigned') {
        const done = one.complete({ note: 'Done.', overrideReason: 'Seen to.' });
        await worked(one.acknowledge().by(marek), one.start().by(marek), done.by(marek));
        if (chance(20)) await worked(one.reopen({ reason: 'Came back.' }).by(dana), done.by(marek));
        else if (chance(30)) {
          const upstream = [{ kind: 'task', id: key, rel: 'follow_up_of' as const }];
          await worked(task(`f-${n}-${key}`).create({ title: 'Look again', area: PACKAGING, upstream }).by(out));
        }
      }
    }
    const todo = await plant.ledger.load(ORG, tasksToDoIn(PACKAGING));
    const decisions = todo.map(({ key }) => ({ task: key, decision: 'continue' as const }));
    await plant.run(
      mine.close().by(out),
      mine.sign({ decisions }).by(out),
      mine.accept().by(incoming),
      mine.seal().by(incoming),
    );
  }
  return plant;
}

test('every finished item of a month leads to exactly one root, and the root is what set it off', async () => {
  const plant = await aMonth();
  const events = await plant.events();
  const keyOf = ({ kind, id }: Pick<Link, 'kind' | 'id'>) => `${kind}/${id}`;
  const causes = new Map<string, Set<string>>();
  for (const { subject, upstream } of events)
    for (const link of upstream)
      if ((CAUSAL as readonly string[]).includes(link.rel))
        causes.set(keyOf(subject), (causes.get(keyOf(subject)) ?? new Set()).add(keyOf(link)));
  const rootsOf = (item: string, seen = new Set<string>()): string[] => {
    if (seen.has(item)) return [];
    seen.add(item);
    const above = causes.get(item);
    return above ? [...above].flatMap((one) => rootsOf(one, seen)) : [item];
  };

  const finished = (await plant.ledger.load(ORG, select<TaskState>('tasks'))).filter(
    ({ value }) => value.status === 'closed' || value.status === 'cancelled',
  );
  expect(finished.length).toBeGreaterThan(200);
  const wrong = finished.filter(({ key }) => rootsOf(`task/${key}`).length !== 1);
  expect(wrong.map(({ key }) => key)).toEqual([]);

  const occurrences = new Set((await plant.ledger.load(ORG, select<Occurrence>('occurrences'))).map(({ key }) => key));
  const kinds = { occurrence: 0, task: 0 };
  for (const { key, value } of finished) {
    const [root = ''] = rootsOf(`task/${key}`);
    const [kind, id = ''] = root.split('/');
    kinds[kind as keyof typeof kinds] += 1;
    if (value.condition) expect(occurrences.has(id)).toBe(true);
  }
  expect(Math.min(kinds.occurrence, kinds.task)).toBeGreaterThan(50);
  expect(plant.refusedWishes.filter((wish) => !wish.startsWith('alarms.acknowledge'))).toEqual([]);
});
