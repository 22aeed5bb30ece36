/** `npm run test:obsidian [-- --android]`: the specs in the real app, which is downloaded; where that cannot be, says "not run" and why. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { standing } from './standing.ts';

const VERSIONS = 'https://raw.githubusercontent.com/jesse-r-s-hines/wdio-obsidian-service/HEAD/obsidian-versions.json';
const PACKAGES: readonly (readonly [name: string, version: string])[] = [
  ['@wdio/cli', '9'],
  ['@wdio/local-runner', '9'],
  ['@wdio/mocha-framework', '9'],
  ['@wdio/globals', '9'],
  ['mocha', '11'],
  ['wdio-obsidian-service', '3'],
  ['wdio-obsidian-reporter', '3'],
];
const FOR_ANDROID: typeof PACKAGES = [
  ['@wdio/appium-service', '9'],
  ['appium', '2'],
  ['appium-uiautomator2-driver', '4'],
];

const isAndroid = process.argv.includes('--android');
const reason = (error: unknown): string =>
  error instanceof Error
    ? String((error.cause as Error | undefined)?.message ?? error.message).split('\n')[0]!
    : 'no answer';

const root = resolve(import.meta.dirname, '../..');
const isInstalled = (name: string): boolean => existsSync(resolve(root, 'node_modules', name));

const missing = [...PACKAGES, ...(isAndroid ? FOR_ANDROID : [])].filter(([name]) => !isInstalled(name));
const { runs, says, exitCode } = await standing({
  missing: missing.map(([name, version]) => `${name}@${version}`),
  obsidian: () =>
    fetch(VERSIONS, { signal: AbortSignal.timeout(20_000) }).then(
      ({ ok, status }) => (ok ? undefined : `${VERSIONS} answered ${status}`),
      reason,
    ),
  registry: () =>
    promisify(execFile)('npm', ['view', 'wdio-obsidian-service', 'version']).then(() => undefined, reason),
});
console.log(says);
process.exitCode = exitCode;
if (runs) {
  const config = resolve(import.meta.dirname, isAndroid ? 'wdio.mobile.conf.mts' : 'wdio.conf.mts');
  const [code] = (await once(
    spawn('npx', ['--no-install', 'wdio', 'run', config], { cwd: root, stdio: 'inherit' }),
    'close',
  )) as [number | null];
  process.exitCode = code ?? 1;
}
