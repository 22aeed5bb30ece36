/** The rules of the house (DESIGN §3), one line of the table each: what is allowed, and whom it accuses. */
import ts from 'typescript';
import { features } from '../../shared/features/index.ts';
import { cyclesIn } from './cycles.ts';
import { visit, type Source } from './sources.ts';
import { wordsElsewhere } from './words.ts';

/** Each accusation begins with the path of the file. */
export type Rule = (sources: readonly Source[]) => readonly string[];

type Allowed = (to: string, from: string) => boolean;

const inside =
  (...folders: readonly string[]): Allowed =>
  (to) =>
    folders.some((folder) => to.startsWith(`${folder}/`));
const exactly =
  (...paths: readonly string[]): Allowed =>
  (to) =>
    paths.includes(to);
const either =
  (...tests: readonly Allowed[]): Allowed =>
  (to, from) =>
    tests.some((test) => test(to, from));

const featureOf = (path: string): string | undefined => /^shared\/features\/([^/]+)\//.exec(path)?.[1];

/** Files below `folder` import nothing but what is allowed. */
const imports =
  (folder: string, allowed: Allowed): Rule =>
  (sources) =>
    sources
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap(({ path, imports: all }) =>
        all.filter(({ to }) => !allowed(to, path)).map(({ to }) => `${path} imports ${to}`),
      );

const ownFeatureOrContract: Allowed = (to, from) => {
  const [theirs, own] = [featureOf(to), featureOf(from)];
  // The register and what begins it stand above all features.
  return own === undefined
    ? to.startsWith('shared/features/')
    : theirs === own || (theirs !== undefined && to.endsWith('/contract.ts'));
};

/** Nodes below these folders (but not in these files) that the test accuses. */
const code =
  (where: readonly string[], except: readonly string[], accuse: (node: ts.Node) => boolean): Rule =>
  (sources) =>
    sources
      .filter(({ path }) => where.some((folder) => path.startsWith(`${folder}/`)) && !except.includes(path))
      .flatMap(({ path, tree }) => {
        const found: string[] = [];
        visit(tree, (node) => {
          if (accuse(node)) found.push(`${path} says ${node.getText(tree).slice(0, 60)}`);
        });
        return found;
      });

const calls = (node: ts.Node, method: string): boolean =>
  ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === method;

const GLOBALS = new Set(
  ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'].concat([
    'console',
    'crypto',
    'process',
    'performance',
    'localStorage',
    'indexedDB',
    'navigator',
    'require',
  ]),
);
/** A clock, a die, the network, the screen: whatever would make the same question have two answers. */
function touchesTheWorld(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && !node.arguments?.length;
  if (ts.isPropertyAccessExpression(node)) return ['Date.now', 'Math.random'].includes(node.getText());
  if (!ts.isIdentifier(node) || !GLOBALS.has(node.text)) return false;
  const { parent } = node;
  const isName =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)) &&
      parent.name === node);
  return !isName;
}

// Words that the kernel itself uses: kinds of callers, the organisation, the area of a permission, an outcome, signs of life.
const KERNEL_WORDS = ['user', 'integration', 'org', 'area', 'token', 'held', 'contacts'];
const names = features.flatMap(({ name, kind }) => [name, kind]).filter((word) => !KERNEL_WORDS.includes(word));
const types = features.flatMap(({ name, commands, events }) => [
  ...Object.keys(commands as object).map((verb) => `${name}.${verb}`),
  ...Object.keys(events as object),
]);
const FEATURE_WORDS = new Set([...names, ...types]);

const HOSTS = ['server/http', 'server/followers', 'server/ledger', 'server/host', 'plugin'];
const namesAFeature = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) && FEATURE_WORDS.has(node.text) && !isModule(node);
const isModule = ({ parent }: ts.Node): boolean => ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);

const ADAPTERS = ['server/ledger', 'server/host', 'plugin/device'];
const MEANS = /^(?:better-sqlite3|obsidian|node:(?:fs|net|http|worker_threads|child_process)(?:\/.*)?)$/;
const isAdapter = ({ path, imports: all }: Source): boolean =>
  ADAPTERS.some((folder) => path.startsWith(`${folder}/`)) &&
  all.some(({ to, isTypeOnly }) => MEANS.test(to) && !isTypeOnly);

/** What touches disk, network or Obsidian is put together in one place, and in what an operator runs without a server. */
const MAY_CONSTRUCT = /^(?:(?:server|plugin)\/main\.ts|server\/(?:cli|fsck)\b.*)$/;
const onlyMainConstructs: Rule = (sources) => {
  const adapters = new Set(sources.filter(isAdapter).map(({ path }) => path));
  return sources
    .filter(({ path }) => !MAY_CONSTRUCT.test(path) && !ADAPTERS.some((folder) => path.startsWith(`${folder}/`)))
    .flatMap(({ path, imports: all }) =>
      all.filter(({ to, isTypeOnly }) => adapters.has(to) && !isTypeOnly).map(({ to }) => `${path} constructs ${to}`),
    );
};

const ZOD = exactly('zod');
const NOBLE: Allowed = (to) => to.startsWith('@noble/');
const SHARED_ONLY = either(inside('shared'), ZOD, NOBLE);

export const RULES: Readonly<Record<string, readonly [law: string, says: string, rule: Rule]>> = {
  'features-in-contracts': [
    'L11',
    'a feature imports the kernel, the proofs, itself, and of other features their contract',
    imports('shared/features', either(inside('shared/kernel', 'shared/proof'), ownFeatureOrContract, ZOD)),
  ],
  'kernel-knows-no-feature': [
    'L11',
    'the kernel imports itself, the proofs and zod',
    imports('shared/kernel', either(inside('shared/kernel', 'shared/proof'), ZOD, NOBLE)),
  ],
  'shared-is-portable': [
    'L5',
    'what is shared imports neither host, nor Node, nor Obsidian: only zod and @noble',
    imports('shared', SHARED_ONLY),
  ],
  'proof-stands-alone': [
    'L9',
    'the proofs import only bytes and canonical JSON of the kernel, and @noble, so that a stranger can read them alone',
    imports(
      'shared/proof',
      either(inside('shared/proof'), exactly('shared/kernel/bytes.ts', 'shared/kernel/canonical.ts'), NOBLE),
    ),
  ],
  'hosts-apart-server': [
    'L11',
    'the server never imports the plugin, nor a test',
    imports('server', (to) => !inside('plugin', 'test')(to, '') && to !== 'obsidian'),
  ],
  'hosts-apart-plugin': [
    'L11',
    'the plugin never imports the server, nor a test, nor Node',
    imports('plugin', (to) => !inside('server', 'test')(to, '') && !to.startsWith('node:')),
  ],
  'notes-without-obsidian': [
    'L6',
    'what writes notes runs without Obsidian',
    imports('plugin/notes', (to) => to !== 'obsidian' && !inside('plugin/device', 'plugin/ui')(to, '')),
  ],
  'only-main-constructs': ['L5', 'only the composition roots and the CLI construct adapters', onlyMainConstructs],
  'one-door': [
    'L1',
    'only record, called by perform, appends to a transaction',
    code(['shared', 'server'], ['shared/kernel/record.ts'], (node) => calls(node, 'append')),
  ],
  'hosts-name-no-feature': [
    'L11',
    'a host never names a feature, a command or an event',
    code(HOSTS, [], namesAFeature),
  ],
  'pure-rules': [
    'L5',
    'what is shared knows no clock, no chance, no network and no screen',
    code(['shared'], [], touchesTheWorld),
  ],
  'one-reader-of-the-environment': [
    'L5',
    'only server/config.ts reads the environment',
    code(
      ['server', 'plugin', 'shared'],
      ['server/config.ts'],
      (node) => ts.isPropertyAccessExpression(node) && node.getText() === 'process.env',
    ),
  ],
  'words-in-one-place': ['L7', 'what people read in the plugin stands in plugin/words', wordsElsewhere],
  'no-cycles': ['L11', 'no file imports itself by any detour, types included', cyclesIn],
  'small-files': [
    'L5',
    'no file has more than 400 lines',
    (sources) => sources.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path} has ${lines} lines`),
  ],
};
