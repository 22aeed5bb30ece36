import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { browser } from '@wdio/globals';
import { files, modalText, press, read, run } from './hands.ts';

describe('the plugin in the real app', () => {
  it('is enabled, and writes nothing before it is connected', async () => {
    await run('connect');
    match(await modalText(), /Connect to a plant/);
    await press('Cancel');
    deepEqual(await files(), ['Recipes.md']);
  });

  it('loads again after a restart, and leaves what is not its own alone', async () => {
    const before = await read('Recipes.md');
    await browser.reloadObsidian();
    await run('open-board');
    equal(await read('Recipes.md'), before);
  });
});
