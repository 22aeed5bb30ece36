/** `POST /v1/sync/tickets`. */
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { Ticket, TicketWish } from '../../shared/sync/messages.ts';
import { json } from './answers.ts';
import { jsonOf } from './body.ts';
import { credentialOf } from './caller.ts';
import { parsedBy } from './parsed.ts';
import type { Asked, Route } from './route.ts';

export const ticketRoute: Route = {
  method: 'post',
  path: '/v1/sync/tickets',
  group: 'sync',
  title: 'Ticket for a socket',
  description:
    '60 seconds, single use. The socket offers the subprotocols `operary.v1` and `operary.ticket.TICKET`, in this order.',
  body: { contentType: 'application/json', schema: TicketWish, required: true },
  answers: { 201: { description: 'The ticket', schema: Ticket } },
  refusals: ['malformed-json', 'invalid-input', 'not-found', 'too-large', 'unsupported-media-type'],
  handle: issue,
};

async function issue({ c, site }: Asked): Promise<Response | Refusal> {
  const wish = parsedBy(TicketWish, await jsonOf(c));
  if (isRefusal(wish)) return wish;
  if (wish.purpose !== 'feed')
    return refuse('not-found', 'There are no live documents here yet. Ask for purpose "feed".');
  const credential = credentialOf(c.req.header('authorization'));
  if (isRefusal(credential)) return credential;
  const ticket = site.tickets.issue(credential);
  return isRefusal(ticket) ? ticket : json(ticket, 201);
}
