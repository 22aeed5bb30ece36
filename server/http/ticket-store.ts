/** Tickets for sockets, which cannot send a header from a browser: 60 seconds, once, in memory only. */
import { randomBytes } from 'node:crypto';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Clock } from '../clock.ts';
import type { Credential } from './caller.ts';

const TICKET_SECONDS = 60;
const MOST = 10_000;

export interface Tickets {
  issue(credential: Credential): { readonly ticket: string; readonly expiresAt: string } | Refusal;
  /** Undefined when it is unknown, used or too old. */
  redeem(ticket: string): Credential | undefined;
}

export function createTickets(clock: Clock): Tickets {
  const held = new Map<string, { readonly credential: Credential; readonly expires: number }>();
  const prune = () => {
    // In order of issue, so the first one that still holds ends the search.
    for (const [ticket, { expires }] of held) {
      if (expires > clock.now()) return;
      held.delete(ticket);
    }
  };
  return {
    issue(credential) {
      prune();
      if (held.size >= MOST) return refuse('not-ready', 'Too many tickets wait to be used. Try again in a minute.');
      const ticket = randomBytes(32).toString('base64url');
      const expires = clock.now() + TICKET_SECONDS * 1000;
      held.set(ticket, { credential, expires });
      return { ticket, expiresAt: utc(expires) };
    },
    redeem(ticket) {
      const found = held.get(ticket);
      held.delete(ticket);
      return found && found.expires > clock.now() ? found.credential : undefined;
    },
  };
}
