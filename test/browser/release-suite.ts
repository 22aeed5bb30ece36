/** A suite whose vaults have the plugin as it is released: built before the first test, thrown away after the last. */
import { afterAll } from 'vitest';
import { browserSuite, type Suite } from './harness/suite.ts';
import { buildRelease, dropRelease } from './works.ts';

export function releaseSuite(): Suite {
  let release = '';
  const suite = browserSuite(async () => ({ pluginDir: (release = await buildRelease()) }));
  afterAll(() => dropRelease(release));
  return suite;
}
