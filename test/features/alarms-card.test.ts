/** How an alarm stands on the board: what it asks, or why it asks for nobody. */
import { expect, test } from 'vitest';
import type { ConditionState } from '../../shared/features/alarms/contract.ts';
import type { Surroundings } from '../../shared/kernel/note.ts';
import { ana } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';
import { after, aPlantAtNight, signals, until } from '../kit/signals.ts';

const level = signals('LS-3110');
const hour = after(3600);
const shelve = level.shelve({ until: hour, reason: 'The sensor is wet.' }).by(ana);
const take = level.takeOutOfService({ permit: 'PTW-118', reason: 'The tank is being cleaned.' }).by(ana);

async function cardOf(plant: Plant) {
  const state = await plant.state<ConditionState>(level);
  const around = { zone: 'Europe/London' } as Surroundings;
  const self = { id: level.id, number: 7, seq: 1 };
  return plant.register.byName.get('alarms')!.note!.card!(state, self, around)!;
}

const shown: readonly (readonly [string, readonly Step[], string, string | undefined])[] = [
  ['asks', [until(after(20))], 'Alarms', undefined],
  ['waits for its delay', [], 'Alarms that wait', 'On-delay of 15 s for P3, until 2026-11-20 22:00'],
  ['shelved', [shelve, until(after(20))], 'Alarms that wait', 'shelved until 2026-11-20 23:00: The sensor is wet.'],
  ['out of service', [take, until(after(20))], 'Alarms that wait', 'out of service, permit PTW-118'],
  ['acknowledged there', [until(after(20)), level.acked(after(30))], 'Alarms', 'acknowledged at the machine'],
  ['standing', [until(after(24 * 3600))], 'Alarms', 'standing: shelve it, take it out of service, or mend it'],
];
for (const [what, steps, group, detail] of shown)
  test(what, async () => {
    const card = await cardOf(await aPlantAtNight(level.on(after(0)), ...steps));
    expect(card).toMatchObject({ group, title: 'A-7 LS-3110 high' });
    expect(card.details?.slice(3)).toEqual(detail === undefined ? [] : [detail]);
  });

test('what is critical and asks is urgent, what is critical and shelved is not', async () => {
  const critical = signals('LS-3110', { priority: 'P1' });
  const plant = await aPlantAtNight(critical.on(after(0), { occurrenceKey: 'a' }));
  expect(await cardOf(plant)).toMatchObject({ urgent: true });
  await plant.run(take, critical.on(after(30), { occurrenceKey: 'b' }));
  expect(await cardOf(plant)).toMatchObject({ urgent: false });
});
