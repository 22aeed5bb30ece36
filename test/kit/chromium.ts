/**
 * A headless Chromium on whatever machine the tests meet: the system's own if there is one, else the copy that
 * `@sparticuz/chromium` carries, with the libraries (nspr, nss, expat) that a bare machine lacks.
 * Several vitest workers may call it at once: unpacking happens under a private name and ends in one rename.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';

export interface ChromiumChoice {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly origin: 'system' | 'package';
}

/** Why no browser can run here; the message is what a skipped test prints. */
export class NoChromium extends Error {}

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const launchArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
];

export async function launchChromium(): Promise<Browser> {
  const choice = await chooseChromium();
  try {
    return await chromium.launch({
      executablePath: choice.executable,
      args: launchArgs,
      env: { ...definedEnv(), ...choice.env },
      timeout: 60_000,
    });
  } catch (cause) {
    throw new NoChromium(`not run: Chromium at ${choice.executable} did not start: ${firstLine(cause)}`, { cause });
  }
}

/** For `test.skipIf` and `ctx.skip`: the browser, or the sentence that says why there is none. */
export async function launchOrExplain(): Promise<{ browser: Browser } | { browser: null; why: string }> {
  try {
    return { browser: await launchChromium() };
  } catch (error) {
    if (error instanceof NoChromium) return { browser: null, why: error.message };
    throw error;
  }
}

export interface ChromiumOptions {
  /** Tests force what a bare machine would need. */
  readonly libraries?: 'where lacking' | 'always';
  readonly ignoreSystem?: boolean;
  /** Where the package is unpacked; a folder per package version by default. */
  readonly folder?: string;
}

export async function chooseChromium(options: ChromiumOptions = {}): Promise<ChromiumChoice> {
  const wanted = process.env['CHROMIUM_PATH'];
  if (wanted && !existsSync(wanted)) throw new NoChromium(`not run: CHROMIUM_PATH names no file: ${wanted}`);
  const system = [wanted, ...systemPaths].find((path) => path !== undefined && existsSync(path));
  if (system && !options.ignoreSystem) return { executable: system, env: {}, origin: 'system' };
  const folder = await unpacked(options.folder);
  const executable = join(folder, 'chromium');
  const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  const fonts = { FONTCONFIG_PATH: join(folder, 'fonts') };
  const attempts = options.libraries === 'always' ? [{ ...libraries, ...fonts }] : [fonts, { ...libraries, ...fonts }];
  let refusal: unknown;
  for (const env of attempts) {
    try {
      await promisify(execFile)(executable, ['--version', '--no-sandbox'], { env: { ...definedEnv(), ...env } });
      return { executable, env, origin: 'package' };
    } catch (error) {
      refusal = error;
    }
  }
  throw new NoChromium(`not run: no system Chromium, and the packaged one fails: ${firstLine(refusal)}`);
}

async function unpacked(folder?: string): Promise<string> {
  const bin = packagedFolder();
  const { version } = JSON.parse(await readFile(join(bin, '..', 'package.json'), 'utf8')) as { version: string };
  const target = folder ?? join(tmpdir(), `operary-chromium-${version}`);
  if (existsSync(target)) return target;
  const draft = await mkdtemp(`${target}-`);
  await Promise.all([
    pipeline(
      createReadStream(join(bin, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(draft, 'chromium'), { mode: 0o700 }),
    ),
    untar(join(bin, 'al2023.tar.br'), join(draft, 'al2023')),
    untar(join(bin, 'fonts.tar.br'), join(draft, 'fonts')),
  ]);
  await writeFile(join(draft, 'fonts', 'fonts.conf'), fontsConf(join(target, 'fonts')));
  await chmod(draft, 0o755);
  // Another worker may have been faster: its folder is as good as ours.
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
  return target;
}

/** The package's Open Sans for text, the machine's own fonts for what it lacks (ticks, arrows, fixed width). */
function fontsConf(folder: string): string {
  const dirs = [folder, '/usr/share/fonts', '/usr/local/share/fonts'].map((dir) => `<dir>${dir}</dir>`).join('');
  const prefer = (family: string, ...names: string[]) =>
    `<alias binding="strong"><family>${family}</family><prefer>${names.map((name) => `<family>${name}</family>`).join('')}</prefer></alias>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}<cachedir>${folder}/cache</cachedir>${prefer(
    'sans-serif',
    'Open Sans',
    'DejaVu Sans',
  )}${prefer('monospace', 'DejaVu Sans Mono', 'Liberation Mono')}</fontconfig>
`;
}

function packagedFolder(): string {
  try {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    return join(dirname(entry), '..', 'bin');
  } catch (cause) {
    throw new NoChromium('not run: no system Chromium, and @sparticuz/chromium is not installed', { cause });
  }
}

/** Plain ustar is all that the package uses: files, folders, links. */
async function untar(archive: string, folder: string): Promise<void> {
  const bytes = await promisify(brotliDecompress)(await readFile(archive));
  await mkdir(folder, { recursive: true });
  for (let at = 0; at + 512 <= bytes.length;) {
    const text = (from: number, length: number) =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join('/');
    if (name === '') break;
    const size = parseInt(text(124, 12), 8) || 0;
    const path = join(folder, normalize(`/${name}`));
    const kind = text(156, 1);
    if (kind === '5') await mkdir(path, { recursive: true });
    else {
      await mkdir(dirname(path), { recursive: true });
      if (kind === '2') await symlink(text(157, 100), path);
      else if (kind === '0' || kind === '') await writeFile(path, bytes.subarray(at + 512, at + 512 + size));
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').find((line) => /error|cannot|fail/i.test(line)) ?? text.split('\n')[0] ?? '';
}
