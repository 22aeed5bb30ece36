/** Files that arrive in pieces, until they are whole and move to the store. What `add` has answered survives a crash. */

export interface Uploads {
  /** How many bytes are here; `undefined` when nothing was begun. */
  offset(org: string, sha256: string): Promise<number | undefined>;
  /** Puts the piece at this offset, which must be the end of what is here, and answers the new end. */
  add(org: string, sha256: string, offset: number, piece: Uint8Array): Promise<number>;
  bytes(org: string, sha256: string): Promise<Uint8Array>;
  drop(org: string, sha256: string): Promise<void>;
  /** How many files of this organisation are begun and not finished. */
  count(org: string): Promise<number>;
}

/** A part that nobody has added to for so long is given up. */
export const ABANDONED_AFTER = 7 * 24 * 60 * 60_000;

export function memoryUploads(): Uploads {
  const parts = new Map<string, Uint8Array>();
  const keyOf = (org: string, sha256: string): string => `${org}/${sha256}`;
  return {
    offset: async (org, sha256) => parts.get(keyOf(org, sha256))?.length,
    async add(org, sha256, offset, piece) {
      const part = new Uint8Array(offset + piece.length);
      part.set(parts.get(keyOf(org, sha256))?.subarray(0, offset) ?? []);
      part.set(piece, offset);
      parts.set(keyOf(org, sha256), part);
      return part.length;
    },
    bytes: async (org, sha256) => parts.get(keyOf(org, sha256)) ?? new Uint8Array(0),
    drop: async (org, sha256) => void parts.delete(keyOf(org, sha256)),
    count: async (org) => [...parts.keys()].filter((key) => key.startsWith(`${org}/`)).length,
  };
}
