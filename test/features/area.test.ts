/** Where something new is guessed to be: a report must not ask. */
import { expect, test } from 'vitest';
import { areasKnownTo, guessedArea, rememberArea } from '../../plugin/board/area.ts';
import { creations } from '../../plugin/verbs.ts';
import { aNightShift, anOrganisation, LINE_3, PACKAGING } from '../kit/given.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { ben } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';
import { replicaOf } from '../kit/vault-of.ts';

async function here(areas: readonly string[] = []) {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const replica = await replicaOf(plant);
  const me = { kind: 'user', id: ben.id, role: 'operator', areas };
  return { register: replica.register, replica, memory: memoryMemory(), me };
}

test('where this person entered something last, if that is still a place of theirs', async () => {
  const device = await here();
  expect(areasKnownTo(device)).toContain(PACKAGING);
  rememberArea(device, { area: LINE_3 });
  expect(guessedArea(device)).toBe(LINE_3);
  expect(guessedArea({ ...device, me: { ...device.me, id: 'somebody else' } })).toBe(PACKAGING);
  expect(guessedArea({ ...device, me: { ...device.me, areas: ['york'] } })).toBe('york');
  rememberArea(device, { area: 'gone/since' });
  expect(guessedArea(device)).toBe(PACKAGING);
});

test('else where they work, else where a shift is running; nobody is asked nothing', async () => {
  expect(guessedArea(await here([LINE_3]))).toBe(LINE_3);
  expect(guessedArea(await here())).toBe(PACKAGING);
  const device = await here();
  expect(guessedArea({ ...device, me: undefined })).toBeUndefined();
  rememberArea(device, { text: 'no area' });
  expect(device.memory.all.size).toBe(0);
});

test('of all that is new the shortest comes first', async () => {
  const { register, me } = await here();
  expect(creations(register, me).map(({ type }) => type)).toEqual(['alarms.report', 'tasks.create', 'incidents.open']);
});
