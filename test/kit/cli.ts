/** Programs of this machine as people run them in a shell; one that is missing is said by name. */
import { spawn, spawnSync, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'vitest';
import type { Ran } from './a-cli.ts';

export async function run(
  program: string,
  words: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): Promise<Ran> {
  const child = spawn(program, words, options);
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

/** A line as somebody types it. */
export const shell = (line: string, folder?: string): Promise<Ran> =>
  run('sh', ['-c', line], folder === undefined ? {} : { cwd: folder });

export const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Leaves the test out, with the reason, where a stranger's tool is not on this machine. */
export function needs(context: TestContext, ...programs: readonly string[]): void {
  const gone = programs.filter((program) => !has(program));
  context.skip(gone.length > 0, `${gone.join(', ')}: not on this machine`);
}
