/** One note's text and its room, as the note sees it, and as lines and requests to the server see it. */
import type { Kept } from './ports.ts';
import type { Unsent, Writer } from './unsent.ts';

export interface Room {
  readonly entity: string;
  readonly name: string | undefined;
  readonly unsent: Unsent;
  /** Something that people wrote is not on the server's disk. */
  readonly isWaiting: boolean;
  readonly isSealed: boolean;
  /** The text is final over there, and this device has still to learn what it is. */
  readonly isClosing: boolean;
  /** Nothing is sent or taken before somebody has seen to it. */
  readonly isHeld: boolean;
  look(local: string): string;
  stands(text: string): void;
  forget(): Promise<void>;
  gone(): void;
  /** When all that was changed up to now is kept on this device. */
  kept(): Promise<void>;
  vector(): Uint8Array;
  lacking(vector: Uint8Array): Uint8Array;
  whole(): Uint8Array;
  /** False when the copy was spoilt by it and everything must be fetched again. */
  heard(update: Uint8Array): boolean;
  /** All that the server has is here now. */
  met(): void;
  stored(upto: number): void;
  /** The room has this name; when it had another, the text goes on in a new history. */
  called(name: string): void;
  close(): void;
  /** The text is final, and all of ours that came later is kept over there. `isUntold`: no late entry tells of it yet. */
  sealedAs(state: Uint8Array, isUntold: boolean): void;
  /** The server cannot use what this copy holds: from the texts alone, in a new copy. False when that has not helped. */
  renew(): boolean;
  /** The server is another one than before, or an older copy of it. */
  startOver(): void;
  /** `isPerson`: the server does not take it from whoever wrote it. */
  hold(why: string, isPerson?: boolean): void;
  /** Somebody has seen to what stopped it. What was not taken from another person goes on in the name of who asks. */
  resume(): void;
  /** Another person uses this device, or nobody. */
  tookOver(): void;
}

/** What a room needs of those who keep it. */
export interface RoomParts {
  readonly now: () => number;
  readonly put: (kept: Kept) => Promise<void>;
  readonly tell: (about: string, sentence: string) => void;
  readonly titleOf: (entity: string) => string;
  /** Who writes here just now; undefined while the device is locked. */
  readonly writer: () => Writer | undefined;
  /** Whether what others write arrives here just now. */
  readonly isCurrent: (entity: string) => boolean;
  /** Look at the note. */
  readonly refresh: (entity: string) => void;
  /** There is something for the server. */
  readonly changed: (entity: string) => void;
}
