import { after, before, describe, it } from 'mocha';
import { connect, noteOf, open, press, run, says, until, write } from './hands.ts';
import { openPlant, type Plant } from './plant.ts';

describe('an entry in the log', () => {
  let plant: Plant;
  before(async () => {
    plant = await openPlant();
    await connect(plant);
  });
  after(() => plant.close());

  it('stands in the note and on the server', async () => {
    const shift = await noteOf('Operary/Shifts/');
    await open(shift);
    await run('shifts-log');
    await write('Guard of conveyor 4 is loose');
    await press('Log entry');
    await says(shift, 'Guard of conveyor 4 is loose');
    await until('the entry on the server', async () => (await plant.record()).includes('conveyor 4 is loose'));
  });
});
