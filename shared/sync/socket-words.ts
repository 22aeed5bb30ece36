/** What both ends of a feed socket say before any message. */

export const SUBPROTOCOL = 'operary.v1';
export const TICKET_PREFIX = 'operary.ticket.';

/** Why a feed socket was closed. Below 4500 trying again with the same means is of no use. */
export const CLOSE = {
  malformed: 4400,
  ticket: 4401,
  role: 4403,
  version: 4426,
  leaving: 4503,
} as const;
