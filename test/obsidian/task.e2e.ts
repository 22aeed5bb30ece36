import { after, before, describe, it } from 'mocha';
import { browser } from '@wdio/globals';
import { connect, noteOf, says, until } from './hands.ts';
import { AREA, openPlant, type Plant } from './plant.ts';

describe('a task in its note', () => {
  let plant: Plant;
  before(async () => {
    plant = await openPlant();
    await connect(plant);
  });
  after(() => plant.close());

  const set = (path: string, status: string): Promise<void> =>
    browser.executeObsidian(
      async ({ app }, file, value) => {
        await app.fileManager.processFrontMatter(app.vault.getFileByPath(file)!, (front: Record<string, unknown>) => {
          front['status'] = value;
        });
      },
      path,
      status,
    );

  it('takes a step by its property, and what no step is, is put back', async () => {
    const task = await plant.tom.post<{ id: string; ref: string }>('/v1/tasks', {
      ...{ title: 'Replace seal on P-101', area: AREA, assignee: { user: plant.ids['marek'] } },
    });
    await plant.marek.post(`/v1/tasks/${task.id}/acknowledge`);
    const note = await noteOf('Operary/Tasks/', 'Replace seal on P-101');
    await says(note, 'status: acknowledged');
    await set(note, 'sealed');
    await says(note, 'status: acknowledged');
    await set(note, 'in_progress');
    const stored = async () => (await plant.tom.get<{ status: string }>(`/v1/tasks/${task.id}`)).status;
    await until('the step on the server', async () => (await stored()) === 'in_progress');
  });
});
