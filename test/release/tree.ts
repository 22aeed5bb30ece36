/**
 * The source that belongs to a release: what the plugin is built from, and nothing of the server. The directory's review looks at a
 * whole repository, so this is the tree that the plugin's public repository holds.
 */
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const FOLDERS = ['plugin', 'shared', 'docs'];
const FILES = [
  ...['manifest.json', 'versions.json', 'styles.css', 'esbuild.config.mjs', 'eslint.config.mjs', 'tsconfig.json'],
  ...['package.json', 'package-lock.json', 'README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', '.gitignore'],
];
/** The review looks for the first of `build`, `build:plugin`, `compile`, and compares what it makes with the release. */
const SCRIPTS = { build: 'node esbuild.config.mjs' };

/** What the review leaves out, by its published list (November 2026): any part of a path, or the end of a file's name. */
const IGNORED_PARTS = new Set(
  [
    'node_modules dist build pkg test-vault .pnpm-store .obsidian esbuild.config.mjs version-bump.mjs automation test tests',
    '__tests__ testUtils e2e-tests mocks __mocks__ vite scripts docs i18n locale locales translations',
  ].flatMap((names) => names.split(' ')),
);
const IGNORED_ENDS = /\.(?:test|spec)\.\w+$|\.[cm][jt]s$/;
const LINTED = /\.(?:ts|tsx|js|jsx)$|^(?:package|manifest)\.json$|^LICENSE$/;

/** The files that the automatic review lints. */
export const reviewedOf = (paths: readonly string[]): readonly string[] =>
  paths.filter(
    (path) => LINTED.test(path) && !IGNORED_ENDS.test(path) && !path.split('/').some((part) => IGNORED_PARTS.has(part)),
  );

export async function sourceOf(root: string): Promise<readonly string[]> {
  const below = async (folder: string): Promise<readonly string[]> => {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ''));
  };
  return [...FILES, ...(await Promise.all(FOLDERS.map(below))).flat()].sort();
}

/** Copies it; of `package.json` only the scripts that make sense without the server. Answers what it holds. */
export async function writeSource(root: string, folder: string): Promise<readonly string[]> {
  const paths = await sourceOf(root);
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(join(root, path), join(folder, path));
  }
  const pack = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as object;
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ ...pack, scripts: SCRIPTS }, null, 2)}\n`);
  return paths;
}
