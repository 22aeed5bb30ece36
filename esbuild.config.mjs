/** Bundles the plugin. Reproducible: no date, no path, no hash of the commit in it. */
import { build, context } from 'esbuild';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';

const isWatching = process.argv.includes('--watch');
const isProduction = !isWatching && !process.argv.includes('--development');
/** Yjs, which live notes need, is a fifth of it. */
const BUDGET = 640_000;

/**
 * What only a server uses, and no device carries: zod's JSON Schema writer (OpenAPI), the policies, which run after the commit, the
 * writers of reports, the alarm engine and what rules alone decide, the shapes in which the API shows items, features that do not travel, and the
 * coloured console of Yjs. Of the
 * files every export stays: a function that answers nothing, or an empty list.
 */
const serverOnly = {
  name: 'server-only',
  setup({ onLoad }) {
    const names = async (path) =>
      [...(await readFile(path, 'utf8')).matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
    onLoad(
      {
        filter:
          /(?:zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js|shared[\\/]features[\\/]\w+[\\/](?:report|seal|documents|missing-devices|seal-exceptions|by-rule)\.ts|shared[\\/]features[\\/]alarms[\\/](?:observe|clock|verdict|around|place|rules[\\/]\w+)\.ts)$/,
      },
      async ({ path }) => ({
        contents: (await names(path)).map((name) => `export const ${name} = () => () => undefined;`).join('\n'),
      }),
    );
    // Whom to ask, and when to go on asking: a device says what people say, and leaves the rest open. `[]` adds nothing to what it is
    // spread into.
    onLoad(
      {
        filter:
          /shared[\\/]features[\\/](?:tasks[\\/](?:climb|duty|escalation-entity|further|tick)|escalations[\\/]choose)\.ts$/,
      },
      async ({ path }) => ({
        contents: (await names(path)).map((name) => `export const ${name} = () => [];`).join('\n'),
      }),
    );
    // What a device itself makes is never "made" to it: that is the server's view.
    onLoad({ filter: /shared[\\/]kernel[\\/]perform-made\.ts$/ }, async () => ({
      contents: 'export const isMade = () => false;\nexport const performMade = () => undefined;',
    }));
    // It brings a library for web pages along.
    onLoad({ filter: /lib0[\\/]logging\.js$/ }, async () => ({
      contents: `export const print = () => undefined, warn = print;\nexport const BOLD = '', UNBOLD = '', ORANGE = '', RED = '';`,
    }));
    onLoad({ filter: /shared[\\/]features[\\/]\w+[\\/]policy\.ts$/ }, async ({ path }) => ({
      contents: (await names(path)).map((name) => `export const ${name} = [];`).join('\n'),
    }));
    // How the API shows an item: for its description only.
    onLoad({ filter: /shared[\\/]features[\\/]\w+[\\/]contract\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      return {
        contents: contents.replace(/^export const entity = [^]*?^}\)?;\n/m, 'export const entity = undefined;\n'),
        loader: 'ts',
      };
    });
    onLoad({ filter: /shared[\\/]features[\\/]index\.ts$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [line, name, from] of contents.matchAll(/^import \{ (\w+) \} from '(\..+)';\n/gm)) {
        if (/^ {2}travels:/m.test(await readFile(join(dirname(path), from), 'utf8'))) continue;
        contents = contents.replace(line, '').replace(new RegExp(`^ {2}${name},\\n`, 'm'), '');
      }
      return { contents, loader: 'ts' };
    });
  },
};

const options = {
  entryPoints: ['plugin/main.ts'],
  outfile: process.env['OPERARY_PLUGIN_OUT'] ?? 'main.js',
  bundle: true,
  format: 'cjs',
  target: 'es2022',
  platform: 'browser',
  external: ['obsidian', 'electron', '@codemirror/*', '@lezer/*'],
  plugins: [serverOnly],
  minify: isProduction,
  legalComments: 'none',
  sourcemap: isProduction ? false : 'inline',
  treeShaking: true,
  charset: 'utf8',
  logLevel: 'warning',
  metafile: true,
};

if (isWatching) await (await context(options)).watch();
else {
  const { metafile } = await build(options);
  const size = readFileSync(options.outfile).length;
  process.stdout.write(`${options.outfile}: ${(size / 1000).toFixed(1)} KB\n`);
  if (process.argv.includes('--sizes')) process.stdout.write(`${sizesIn(metafile).join('\n')}\n`);
  if (isProduction && size > BUDGET) {
    process.stderr.write(`${options.outfile} has ${size} bytes; the budget is ${BUDGET}.\n`);
    process.exitCode = 1;
  }
}

function sizesIn({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 500)
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .map(([path, { bytesInOutput }]) => `${String(bytesInOutput).padStart(7)} ${path}`);
}
