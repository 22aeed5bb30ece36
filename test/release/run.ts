/**
 * `npm run release`: builds the plugin, checks it against the rules of Obsidian's directory, and leaves in `release/VERSION/` the three
 * files that people get, in `release/VERSION-source/` the tree they were built from (and that builds the same bytes), and their checksums.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findingsIn } from './review.ts';
import { faultsIn, type Release } from './rules.ts';
import { reviewedOf, writeSource } from './tree.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ASSETS = ['main.js', 'manifest.json', 'styles.css'];
const say = (line: string) => process.stdout.write(`${line}\n`);

const text = (name: string): Promise<string> => readFile(join(ROOT, name), 'utf8');
const json = async (name: string): Promise<Record<string, string>> =>
  JSON.parse(await text(name)) as Record<string, string>;

async function build(cwd: string, outfile: string): Promise<Buffer> {
  const env = { ...process.env, OPERARY_PLUGIN_OUT: outfile };
  await promisify(execFile)(process.execPath, ['esbuild.config.mjs'], { cwd, env });
  return readFile(outfile);
}

async function releaseFrom(bundle: Buffer): Promise<Release> {
  const [, budget] = /const BUDGET = ([\d_]+)/.exec(await text('esbuild.config.mjs'))!;
  return {
    manifest: await json('manifest.json'),
    versions: await json('versions.json'),
    packageVersion: (await json('package.json'))['version']!,
    changelog: await text('CHANGELOG.md'),
    readme: await text('README.md'),
    license: await text('LICENSE'),
    bundle: bundle.toString(),
    budget: Number(budget!.replaceAll('_', '')),
  };
}

/** In the tree that strangers get: with the same packages it makes the same file. */
async function builtAgain(source: string): Promise<Buffer> {
  const packages = join(source, 'node_modules');
  await symlink(join(ROOT, 'node_modules'), packages);
  try {
    return await build(source, join(source, 'main.js'));
  } finally {
    await Promise.all([packages, join(source, 'main.js')].map((path) => rm(path, { force: true })));
  }
}

async function main(into: string): Promise<number> {
  const { version } = await json('manifest.json');
  const [folder, source] = [join(into, version!), join(into, `${version!}-source`)];
  for (const old of [folder, source]) await rm(old, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const bundle = await build(ROOT, join(folder, 'main.js'));
  for (const name of ASSETS.slice(1)) await copyFile(join(ROOT, name), join(folder, name));
  const reviewed = reviewedOf(await writeSource(ROOT, source));

  const faults = [...faultsIn(await releaseFrom(bundle)), ...(await findingsIn(ROOT, reviewed))];
  if (!bundle.equals(await builtAgain(source))) faults.push('The source tree builds another main.js.');
  if (faults.length) {
    process.stderr.write(`${faults.join('\n')}\nNot released.\n`);
    return 1;
  }
  const sums = await Promise.all(
    ASSETS.map(async (name) => {
      const sum = createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex');
      return `${sum}  ${version!}/${name}\n`;
    }),
  );
  await writeFile(join(into, `${version!}.sha256`), sums.join(''));
  say(`${folder}: ${ASSETS.join(', ')} (tag ${version!}, no "v"; these three and nothing else)`);
  say(sums.join('').trimEnd());
  const count = (start: string) => reviewed.filter((path) => path.startsWith(start)).length;
  say(
    `${source}: the review lints ${reviewed.length} files (plugin/ ${count('plugin/')}, shared/ ${count('shared/')}), no finding`,
  );
  return 0;
}

process.exitCode = await main(resolve(process.argv[2] ?? join(ROOT, 'release')));
