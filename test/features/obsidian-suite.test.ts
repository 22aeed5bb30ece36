/** The suite for the real app: it never passes in silence. Its specs are run by `browser/real-app-specs.test.ts`. */
import { expect, test } from 'vitest';
import { standing, type Probes } from '../obsidian/standing.ts';

const there = () => Promise.resolve(undefined);
const ready: Probes = { obsidian: there, registry: there, missing: [] };

test('it runs where Obsidian can be downloaded, and says "not run" and why elsewhere', async () => {
  expect(await standing(ready)).toMatchObject({ runs: true });
  const far = () => Promise.resolve('ENOTFOUND');
  expect(await standing({ ...ready, obsidian: far })).toEqual({
    ...{ runs: false, exitCode: 0 },
    says: 'not run: Obsidian cannot be downloaded here (ENOTFOUND).',
  });
  expect(await standing({ ...ready, missing: ['@wdio/cli@9'], registry: far })).toMatchObject({
    ...{ runs: false, exitCode: 0 },
    says: expect.stringMatching(/^not run: the npm registry/) as string,
  });
});

test('what could run and does not is a failure that names the command', async () => {
  const { runs, exitCode, says } = await standing({ ...ready, missing: ['@wdio/cli@9', 'mocha@11'] });
  expect([runs, exitCode]).toEqual([false, 1]);
  expect(says).toContain('npm install --no-save @wdio/cli@9 mocha@11');
});
