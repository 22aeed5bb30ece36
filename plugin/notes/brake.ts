/** Nothing is put right for ever: where another program changes a note again after each of our writes, ours is the one that stops. */

const WITHIN = 60_000;
/** More often than a person who tries what is refused. */
const TIMES = 5;

/** `written`: when the note was put right, the latest last. */
export const isBraked = (written: readonly number[], now: number): boolean => recent(written, now).length >= TIMES;

export const recent = (written: readonly number[], now: number): number[] => written.filter((at) => now - at < WITHIN);
