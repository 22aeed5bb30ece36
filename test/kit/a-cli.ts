/** The CLI as people run it: a process of its own, through the launcher. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../server/launch.mjs', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const start = (
  data: string,
  words: readonly string[],
  env: Record<string, string> = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [LAUNCHER, ...words], {
    env: { PATH: process.env['PATH'], OPERARY_DATA: data, OPERARY_PORT: '0', ...env },
  });

export async function operary(data: string, words: readonly string[], env?: Record<string, string>): Promise<Ran> {
  const child = start(data, words, env);
  let [out, err] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

export interface Serving {
  readonly url: string;
  /** What it said on standard output. */
  readonly said: string;
  /** What it logged so far. */
  log(): string;
  /** Sends the signal and gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function serving(data: string, env?: Record<string, string>): Promise<Serving> {
  const child = start(data, ['serve'], env);
  let [said, log] = ['', ''];
  child.stderr.on('data', (part: Buffer) => (log += part.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      // The greeting is written in one piece; the address stands in its first words.
      const [, found] = /running at (http:\/\/\S+)/.exec(said) ?? [];
      if (found) resolve(found);
    });
    child.on('close', (code) => reject(new Error(`serve ended with ${code}: ${log}`)));
  });
  return {
    url,
    said,
    log: () => log,
    async stop(signal = 'SIGTERM') {
      const closed = once(child, 'close');
      child.kill(signal);
      return ((await closed) as [number | null])[0];
    },
  };
}
