import { after, before, describe, it } from 'mocha';
import { browser } from '@wdio/globals';
import { connect, files, modalText, noteOf, open, read, run, until } from './hands.ts';
import { openPlant, type Plant } from './plant.ts';

describe('a sealed shift', () => {
  let plant: Plant;
  before(async () => {
    plant = await openPlant();
    await connect(plant);
    const act = (who: 'tom' | 'priya', verb: string, body = {}) =>
      plant[who].post(`/v1/shifts/${plant.shift}/${verb}`, body);
    await act('tom', 'close');
    await act('tom', 'sign');
    await act('priya', 'accept');
    await act('priya', 'seal', { reason: 'Everybody has reported.' });
  });
  after(() => plant.close());

  it('is verified on this device, step by step', async () => {
    await open(await noteOf('Operary/Sealed/', '(sealed)'));
    await run('verify-seal');
    await until('the verdict', async () => (await modalText()).includes('Valid in itself'));
    await browser.keys('Escape');
  });

  it('is restored when another program writes into it, and what that wrote is kept beside it', async () => {
    const sealed = await noteOf('Operary/Sealed/', '(sealed)');
    const text = await read(sealed);
    await browser.executeObsidian(
      ({ app }, path, changed) => app.vault.adapter.write(path, changed),
      sealed,
      `${text}!`,
    );
    await until('the sealed text', async () => (await read(sealed)) === text);
    const copies = async () => (await files()).filter((path) => path.includes('(edited copy'));
    await until('the copy', async () => (await copies()).length === 1);
  });
});
