/** The threads of V8 step back for the one that answers; as the operating system tells it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const HAS_THREADS = existsSync('/proc/self/task');
if (!HAS_THREADS) console.warn('not run: this system has no list of threads');

/** In a process of its own, so that this one keeps its speed. */
const LOOK = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { constants, getPriority } from 'node:os';
  import { lowerHelperThreads } from '${new URL('../../server/helper-threads.ts', import.meta.url).href}';
  // proc_pid_stat(5): the 41st field; sched(7).
  const SCHED_IDLE = 5;
  const policyOf = (thread) =>
    Number(readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[38]);
  const all = () => readdirSync('/proc/self/task').map((thread) => ({
    isHelper: readFileSync('/proc/self/task/' + thread + '/comm', 'utf8').startsWith('V8Worker'),
    isLow: getPriority(Number(thread)) === constants.priority.PRIORITY_LOW || policyOf(thread) === SCHED_IDLE,
  }));
  const before = all();
  const found = lowerHelperThreads();
  console.log(JSON.stringify({ before, found, after: all() }));
`;

interface Thread {
  readonly isHelper: boolean;
  readonly isLow: boolean;
}

test.skipIf(!HAS_THREADS)('helper threads yield to the thread that answers, and nothing else does', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', LOOK], { encoding: 'utf8' });
  const { before, found, after } = JSON.parse(said) as { before: Thread[]; found: number; after: Thread[] };
  expect(found).toBeGreaterThan(0);
  expect(before.filter(({ isLow }) => isLow)).toEqual([]);
  expect(after.filter(({ isHelper }) => isHelper)).toEqual(Array(found).fill({ isHelper: true, isLow: true }));
  expect(after.filter(({ isHelper, isLow }) => isLow && !isHelper)).toEqual([]);
});
