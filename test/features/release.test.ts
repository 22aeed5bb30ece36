/** What `npm run release` demands, seen to fail on each fault; and which files the directory's review looks at. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultsIn, type Release } from '../release/rules.ts';
import { findingsIn } from '../release/review.ts';
import { reviewedOf, sourceOf } from '../release/tree.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const sound: Release = {
  manifest: {
    ...{ id: 'operary', name: 'Operary', version: '1.2.3', minAppVersion: '1.13.0' },
    ...{ description: 'The shift book of a plant.', author: 'Operary', isDesktopOnly: false },
  },
  versions: { '1.2.3': '1.13.0' },
  packageVersion: '1.2.3',
  changelog: '# Changelog\n\n## 1.2.3\n',
  readme: await readFile(`${ROOT}/README.md`, 'utf8'),
  license: await readFile(`${ROOT}/LICENSE`, 'utf8'),
  bundle: 'require("obsidian");require("@codemirror/state")',
  budget: 100,
};
const manifest = (change: object): Release => ({ ...sound, manifest: { ...sound.manifest, ...change } });

test('what is as it should be has no fault, with the real README and licence', () =>
  expect(faultsIn(sound)).toEqual([]));

describe('a release is refused, with a sentence,', () => {
  const faults: readonly (readonly [what: string, release: Release, sentence: RegExp])[] = [
    ['when the manifest holds more', manifest({ extra: 1 }), /has extra/],
    ['when the manifest lacks a key', { ...sound, manifest: {} }, /lacks author/],
    ['when the id says plugin', manifest({ id: 'operary-plugin' }), /^The id is/],
    ['when the id has a capital', manifest({ id: 'Operary' }), /^The id is/],
    ['when the name says Obsidian', manifest({ name: 'Operary for Obsidian' }), /^The name/],
    ['when the description is short', manifest({ description: 'Shifts.' }), /7 characters/],
    ['when the description has no full stop', manifest({ description: 'The shift book of a plant' }), /full stop/],
    ['when the description has an emoji', manifest({ description: 'The shift book 📒 of a plant.' }), /emoji/],
    ['when the version is tagged with a v', manifest({ version: 'v1.2.3' }), /not x\.y\.z/],
    ['when package.json is behind', { ...sound, packageVersion: '1.2.2' }, /package\.json says 1\.2\.2/],
    ['when versions.json is behind', { ...sound, versions: {} }, /versions\.json says nothing about 1\.2\.3/],
    ['when the changelog is behind', { ...sound, changelog: '# Changelog\n' }, /CHANGELOG\.md/],
    ['when the README hides where data goes', { ...sound, readme: 'Great!' }, /does not say telemetry/],
    ['when the licence is our own', { ...sound, license: 'Ask us.' }, /LICENSE/],
    ['when the bundle needs Node', { ...sound, bundle: 'require("fs")' }, /requires fs/],
    ['when the bundle needs Electron', { ...sound, bundle: "require('electron')" }, /requires electron/],
    ['when the bundle evaluates', { ...sound, bundle: 'new Function("a")' }, /eval/],
    ['when old phones cannot read it', { ...sound, bundle: '/(?<=a)b/' }, /lookbehind/],
    ['when it is too large', { ...sound, bundle: 'a'.repeat(101) }, /101 bytes; the budget is 100/],
  ];
  for (const [what, release, sentence] of faults)
    test(what, () => expect(faultsIn(release).join('\n')).toMatch(sentence));
});

test('the review of the source tree looks at the plugin and what it shares, at nothing of the server, and at no test', async () => {
  const paths = await sourceOf(ROOT);
  const reviewed = reviewedOf([...paths, 'docs/example.ts', 'plugin/a.test.ts', 'plugin/scripts/b.ts']);
  expect(reviewed).toEqual(expect.arrayContaining(['plugin/main.ts', 'shared/features/index.ts', 'LICENSE']));
  expect(reviewed.filter((path) => !/^(?:plugin|shared)\/(?!a\.test|scripts)|^[^/]+$/.test(path))).toEqual([]);
  expect(paths).not.toContain('main.js');
});

test("the review's own rules find what our configuration would forgive, warnings too", async () => {
  expect(await findingsIn(ROOT, ['plugin/verbs.ts', 'shared/proof/statement.ts', 'LICENSE'])).toEqual([]);
  const found = await findingsIn(ROOT, ['server/http/documents.ts', 'server/host/loopback.ts']);
  expect(found.join('\n')).toMatch(/loopback\.ts:\d+ obsidianmd\/no-nodejs-modules/);
  expect(found.join('\n')).toMatch(/loopback\.ts:\d+ no-restricted-globals/);
});
