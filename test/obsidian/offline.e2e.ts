import { after, before, describe, it } from 'mocha';
import { browser } from '@wdio/globals';
import { proxy, type Line } from '../browser/harness/net.ts';
import { connect, noteOf, open, press, read, run, says, until, write } from './hands.ts';
import { openPlant, type Plant } from './plant.ts';

describe('without a network', () => {
  let plant: Plant;
  let line: Line;
  before(async () => {
    plant = await openPlant();
    line = await proxy(plant.port);
    await connect(plant, line.origin);
  });
  after(async () => {
    await line.close();
    await plant.close();
  });

  it('an entry waits on the device, survives a restart of the app, and is sent once', async () => {
    const shift = await noteOf('Operary/Shifts/');
    await open(shift);
    line.cut();
    await run('shifts-log');
    await write('Written in the cellar');
    await press('Log entry');
    await says(shift, 'Written in the cellar · waiting to be sent');
    await browser.reloadObsidian();
    await says(shift, 'Written in the cellar · waiting to be sent');
    line.heal();
    await run('retry');
    const copies = async () => (await plant.record()).split('Written in the cellar').length - 1;
    await until('one entry on the server', async () => (await copies()) === 1);
    await until('nothing to wait', async () => !(await read(shift)).includes('waiting to be sent'));
  });
});
