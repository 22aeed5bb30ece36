/**
 * V8 compiles and collects in threads of its own. Where there are two processors they are in the way of the one thread that answers: whenever it
 * comes back from the disk it would wait for their slice of time, some milliseconds each. So they step back.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const TASKS = '/proc/self/task';
/** As Node names them, cut by Linux to 15 letters. */
const HELPER = 'V8Worker';

/** Lowers their priority, from now on. Answers with how many stepped back: none where the system has no such list, or forbids it. */
export function lowerHelperThreads(): number {
  return threads().filter((thread) => nameOf(thread) === HELPER && isLowered(Number(thread))).length;
}

function threads(): readonly string[] {
  try {
    return readdirSync(TASKS);
  } catch {
    return [];
  }
}

/** Undefined when it has ended meanwhile. */
function nameOf(thread: string): string | undefined {
  try {
    return readFileSync(`${TASKS}/${thread}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Linux's idle class gives way at once; the lowest priority only when a slice of time is over. On Linux a thread's number may stand for a process's. */
function isLowered(thread: number): boolean {
  try {
    if (spawnSync('chrt', ['--idle', '--pid', '0', String(thread)], { stdio: 'ignore' }).status !== 0)
      setPriority(thread, constants.priority.PRIORITY_LOW);
    return true;
  } catch {
    return false;
  }
}
