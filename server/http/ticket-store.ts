/** Tickets for sockets, which cannot send a header from a browser: 60 seconds, once, in memory only. */
import { randomBytes } from 'node:crypto';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Clock } from '../clock.ts';
import type { Credential } from './caller.ts';

const TICKET_SECONDS = 60;
const MOST = 10_000;

/** The text that a ticket opens, the device that asked, and the person it asked for when that is not whose credential it is. */
export interface DocPass {
  readonly entity: string;
  readonly as: string | undefined;
  readonly device: string | null;
}

/** Who follows the feed, and on which device when it has said so. */
export interface FeedPass {
  readonly credential: Credential;
  readonly device: string | null;
}

export interface Tickets {
  /** For the feed, or for one text. */
  issue(
    credential: Credential,
    doc?: DocPass,
    device?: string | null,
  ): { readonly ticket: string; readonly expiresAt: string } | Refusal;
  /** For the feed. Undefined when it is unknown, used, too old, or for something else. */
  redeem(ticket: string): FeedPass | undefined;
  redeemDoc(ticket: string): (DocPass & { readonly credential: Credential }) | undefined;
}

interface Held {
  readonly credential: Credential;
  readonly doc: DocPass | undefined;
  readonly device: string | null;
  readonly expires: number;
}

export function createTickets(clock: Clock): Tickets {
  const held = new Map<string, Held>();
  const prune = () => {
    // In order of issue, so the first one that still holds ends the search.
    for (const [ticket, { expires }] of held) {
      if (expires > clock.now()) return;
      held.delete(ticket);
    }
  };
  const take = (ticket: string): Held | undefined => {
    const found = held.get(ticket);
    held.delete(ticket);
    return found && found.expires > clock.now() ? found : undefined;
  };
  return {
    issue(credential, doc, device = null) {
      prune();
      if (held.size >= MOST) return refuse('not-ready', 'Too many tickets wait to be used. Try again in a minute.');
      const ticket = randomBytes(32).toString('base64url');
      const expires = clock.now() + TICKET_SECONDS * 1000;
      held.set(ticket, { credential, doc, device, expires });
      return { ticket, expiresAt: utc(expires) };
    },
    redeem(ticket) {
      const found = take(ticket);
      return !found || found.doc ? undefined : { credential: found.credential, device: found.device };
    },
    redeemDoc(ticket) {
      const found = take(ticket);
      return found?.doc && { ...found.doc, credential: found.credential };
    },
  };
}
