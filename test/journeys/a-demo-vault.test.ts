/** The vault that `npm run demo` writes: its notes, and the tables over them as the plugin makes them. */
import { expect, test } from 'vitest';
import { basesFor } from '../../plugin/pictures/bases.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { openPlant } from '../demo/plant.ts';
import { openVault } from '../demo/write-vault.ts';
import { aServer } from '../kit/a-server.ts';

test('the tables of the supervisor whose vault it is stand beside the notes', async () => {
  const server = await aServer();
  const { admin } = await server.plant();
  const plant = await openPlant(server.url, admin);
  const span = { from: '2026-11-20T14:00:00Z', to: '2026-11-20T22:00:00Z' };
  await plant.tom.post('/v1/shifts', { area: 'leeds/packaging', name: 'Late', ...span });
  const notes = await openVault(server.url, plant.tokens['tom']!).notes((paths) => paths.length > 0);
  const wanted = basesFor(createRegister(features), { name: 'Tom Hughes', role: 'supervisor' });
  expect(wanted.size).toBeGreaterThan(1);
  for (const [name, text] of wanted) expect(notes.get(`Operary/${name}.base`)).toBe(text);
  await server.close();
});
