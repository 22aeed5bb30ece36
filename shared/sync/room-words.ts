/** What both ends of a room say: its name, the numbers of messages, why a socket was closed, and how much a room takes. */
import { isUuid } from '../kernel/ids.ts';

/** The one root of every document: a text of this name. */
export const ROOT = 'text';

/** First number of a frame. A frame holds one message. */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  queryAwareness: 3,
  /** Sent back unchanged as soon as all that came before it on this socket is stored. */
  stored: 102,
} as const;

/** Second number of a sync message. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** From 4400 to 4499 a client stops until it has changed something; above, it tries again by itself. */
export const ROOM_CLOSE = {
  malformed: 4400,
  /** Get another ticket, then connect again. */
  ticket: 4401,
  notAllowed: 4403,
  notFound: 4404,
  /** The reason is the name of the room that took this one's place. */
  superseded: 4409,
  tooLarge: 4413,
  /** Everything that came before is kept; the text itself never changes again. */
  sealed: 4423,
  version: 4426,
  /** Connect again and compare everything: something here was missing there. */
  resync: 4500,
  leaving: 4503,
  tooMuch: 4529,
} as const;

export const ROOM_LIMITS = {
  /** One update while typing. */
  updateBytes: 64 * 1024,
  /** All that a client has, and the text of a room. */
  wholeBytes: 1024 * 1024,
  warnBytes: 256 * 1024,
  clients: 5000,
  frameBytes: 1536 * 1024,
  /** Documents in one request without a socket, and its bytes. */
  batch: 50,
  batchBytes: 2 * 1024 * 1024,
} as const;

export const roomName = (entity: string, epoch: number): string => `${entity}@${epoch}`;

/** From `ENTITY@EPOCH`, or an entity's id alone. */
export function roomIn(name: string): { readonly entity: string; readonly epoch: number | undefined } | undefined {
  const [, entity = '', epoch] = /^([^@]{36})(?:@([1-9][0-9]{0,8}))?$/.exec(name) ?? [];
  return isUuid(entity) ? { entity, epoch: epoch === undefined ? undefined : Number(epoch) } : undefined;
}
