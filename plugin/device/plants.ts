/** Each plant has stores of its own on a device: what waits for one is never sent to another, and is there when its plant is. */
import { DRAFTS } from '../drafts.ts';
import type { Memory } from '../notes/ports.ts';
import { leavePlant } from '../plant.ts';
import { vaultId } from './memory.ts';

const placeOf = (organisation: string): string => `vault:${organisation}`;

export function putAway(memory: Memory, organisation: string | undefined): void {
  if (organisation !== undefined) memory.set(placeOf(organisation), vaultId(memory));
  leavePlant(memory);
  for (const key of ['vault', 'history', 'people', DRAFTS]) memory.set(key, undefined);
}

export function takeOut(memory: Memory, organisation: string): void {
  const kept = memory.get(placeOf(organisation));
  if (kept !== undefined) memory.set('vault', kept);
}
