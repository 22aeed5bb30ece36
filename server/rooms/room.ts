/** What a room is to those who are connected to it, whether its text can still change or not. */
import type { Author, Refused } from './author.ts';
import type { Message } from './wire.ts';

/** One connection. */
export interface Peer extends Author {
  send(frame: Uint8Array): void;
  /** Nothing of this peer is heard afterwards. */
  close(code: number, reason: string): void;
}

export interface Asked {
  readonly update?: Uint8Array | undefined;
  readonly vector?: Uint8Array | undefined;
}

export interface Exchanged {
  /** What the asker lacks. */
  readonly update: Uint8Array;
  readonly isSealed: boolean;
  readonly isLate: boolean;
  /** Late prose of the asker waits for its entry. */
  readonly isUntold: boolean;
}

export interface Room {
  readonly epoch: number;
  readonly isSealed: boolean;
  /** Nobody is connected, and nothing waits for the disk. */
  isIdle(): boolean;
  join(peer: Peer): void;
  hear(peer: Peer, message: Message): void;
  leave(peer: Peer): void;
  /** Without a connection: takes what is brought, durably, and hands out what is lacking. */
  exchange(author: Author, asked: Asked): Promise<Exchanged | Refused>;
  /** Sends everybody away. */
  shut(code: number, reason: string): void;
}

/** The state vector of somebody who has nothing. */
export const NOTHING = new Uint8Array([0]);
