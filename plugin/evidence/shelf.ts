/** Which local copies are no longer needed: the server has them, and a day has gone by; small ones stay, so that they can be shown without a network. */
import type { KeptFile } from './ports.ts';

const DAY = 24 * 60 * 60_000;
const SMALL = 256 * 1024;
/** Of all small ones together; the oldest go first. */
const SHOWN_BYTES = 20 * 1024 * 1024;

export function outlived(files: readonly KeptFile[], now: number): readonly KeptFile[] {
  const old = files.filter(({ storedAt }) => storedAt !== undefined && now - storedAt > DAY);
  let room = SHOWN_BYTES;
  return old
    .sort((a, b) => b.keptAt - a.keptAt)
    .filter(({ size }) => {
      const stays = size <= SMALL && size <= room;
      if (stays) room -= size;
      return !stays;
    });
}
