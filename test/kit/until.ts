/** Waits for something that happens in another process: asked again and again, at most until a deadline that names it. */
import { setTimeout as pause } from 'node:timers/promises';

export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  seconds = 20,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}.`);
    await pause(10);
  }
}
