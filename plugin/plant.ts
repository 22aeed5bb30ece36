/** Which plant this vault's stores on this device belong to: what waits in them goes to that one only, whatever address it is found at. */
import type { Memory } from './notes/ports.ts';

const KEY = 'plant';

export const plantOf = (memory: Memory): string | undefined => memory.get(KEY);

/** Whether this organisation is that plant; the first that is met is. */
export function isOwnPlant(memory: Memory, organisation: string): boolean {
  const own = plantOf(memory);
  if (own === undefined) memory.set(KEY, organisation);
  return own === undefined || own === organisation;
}

/** Its stores are put away. */
export const leavePlant = (memory: Memory): void => memory.set(KEY, undefined);
