import { match } from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { connect, fill, modalText, noteOf, press, read, run, says, until } from './hands.ts';
import { handThrough, openPlant, type Plant } from './plant.ts';

describe('connecting', () => {
  let plant: Plant;
  before(async () => {
    plant = await openPlant();
  });
  after(() => plant.close());

  it('says why a wrong code does not do', async () => {
    await handThrough(plant.port);
    await run('connect');
    await fill('Server address', plant.url);
    await fill('Pairing code', 'AAAA-BBBB-CCCC');
    await press('Connect');
    await until('the reason', async () => (await modalText()).includes('This pairing code is not known here.'));
    await press('Cancel');
  });

  it('by a pasted link brings the notes of the plant', async () => {
    await connect(plant);
    await says(await noteOf('Operary/Shifts/'), 'status: active');
    match(await read('Operary/Welcome.md'), /Four things you can do/);
  });
});
