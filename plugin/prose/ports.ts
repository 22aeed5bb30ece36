/** What live prose needs of a device: a place to keep what was agreed, and lines that carry bytes. */

import type { Words } from './hands.ts';
import type { Turn, Writer } from './unsent.ts';

/** Who wrote what the server does not have, so that it goes there in their name. */
export interface Writers {
  /** Whose changes in `state` came last, and the copy as those before them left it. */
  readonly copy: Writer;
  readonly turns: readonly Turn[];
  /** Who wrote what stands in the note only, and the texts of those before them. */
  readonly note: Writer | undefined;
  readonly left: readonly Words[];
}

/** What this device remembers of one note's text, so that a restart, or a week without network, is no conflict. */
export interface Kept {
  readonly entity: string;
  /** `ENTITY@EPOCH`. */
  readonly room: string | null;
  /** The note's text as it was last taken into the room, or brought from it. */
  readonly base: string | null;
  /** What the room held when everything of ours was last stored there. */
  readonly stored: string | null;
  /** Yjs, with what the room does not have yet. */
  readonly state: Uint8Array | null;
  readonly isUnsent: boolean;
  /** Digests of texts that stood in the note before: a file that was saved late is known by them. */
  readonly earlier: readonly string[];
  /** Missing in what was kept when a device had one person only. */
  readonly writers?: Writers;
}

export interface ProseStore {
  load(): Promise<readonly Kept[]>;
  /** Kept when it returns; rejects when there is no room for it. */
  put(kept: Kept): Promise<void>;
}

export interface RoomSocket {
  send(bytes: Uint8Array): void;
  close(): void;
}

export interface RoomEvents {
  opened(): void;
  heard(bytes: Uint8Array): void;
  /** 1006 when the line was lost without a word. */
  closed(code: number, reason: string): void;
}

export interface RoomLines {
  open(path: string, protocols: readonly string[], events: RoomEvents): RoomSocket;
}
