import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { features } from '../../shared/features/index.ts';
import { buildRelease, dropRelease } from '../browser/works.ts';

let folder = '';
let bundle = '';
beforeAll(async () => {
  folder = await buildRelease();
  bundle = await readFile(join(folder, 'main.js'), 'utf8');
});
afterAll(() => dropRelease(folder));

test('the bundle is under 640 KB, and the same bytes when it is built again', async () => {
  expect(Buffer.byteLength(bundle)).toBeLessThan(640_000);
  const again = await buildRelease();
  expect(await readFile(join(again, 'main.js'), 'utf8')).toBe(bundle);
  await rm(again, { recursive: true });
});

test('it needs nothing but Obsidian and its editor, and tells neither path nor date of the machine that built it', () => {
  const required = [...bundle.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
  expect([...new Set(required)].sort()).toEqual(['@codemirror/state', '@codemirror/view', 'obsidian']);
  expect(bundle).not.toContain(process.cwd());
});

test('[L5] every feature that travels is on the device with all its events, and no policy is', () => {
  for (const { travels, events, policies } of features) {
    if (!travels) continue;
    for (const type of Object.keys(events)) expect(bundle).toContain(`"${type}"`);
    for (const { name } of policies ?? []) expect(bundle).not.toContain(`"${name}"`);
  }
});

test('manifest and versions agree, and say that it runs on phones', async () => {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>;
  const versions = JSON.parse(await readFile('versions.json', 'utf8')) as Record<string, string>;
  expect(manifest).toMatchObject({ id: 'operary', name: 'Operary', isDesktopOnly: false });
  expect(versions[manifest['version']!]).toBe(manifest['minAppVersion']);
  expect(manifest['description']).toMatch(/^[A-Z].{8,248}\.$/);
});
