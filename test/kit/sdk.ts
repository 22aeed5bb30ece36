/** Software of senders that a test runs against where it is installed. Where it is not, the test says that it was not run, and why. */
import type { TestContext } from 'vitest';

export async function sdk<T>(context: TestContext, name: string): Promise<T> {
  try {
    return (await import(/* @vite-ignore */ name)) as T;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return context.skip(`not run: npm ${name} is not installed`);
  }
}
