/** Who writes, and why what they sent is not taken. */

export interface Author {
  readonly user: string;
  readonly device: string | null;
}

/** A close code of `shared/sync/room-words.ts`, and the words that go with it. */
export interface Refused {
  readonly code: number;
  readonly reason: string;
}

export const isRefused = (value: object): value is Refused => 'code' in value && 'reason' in value;

export const isSame = (a: Author, b: Author): boolean => a.user === b.user && a.device === b.device;
