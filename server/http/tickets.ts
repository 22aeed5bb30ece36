/** `POST /v1/sync/tickets`. */
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { Ticket, TicketWish } from '../../shared/sync/messages.ts';
import { roomIn } from '../../shared/sync/room-words.ts';
import { json } from './answers.ts';
import { BODY_REFUSALS, jsonOf } from './body.ts';
import { credentialOf } from './caller.ts';
import { NOT_THERE } from './doc-access.ts';
import { forbidsWriting, unsigned, writerOf } from './doc-person.ts';
import { parsedBy } from './parsed.ts';
import type { Asked, Route } from './route.ts';
import type { Tickets } from './ticket-store.ts';

export const ticketRoute: Route = {
  method: 'post',
  path: '/v1/sync/tickets',
  group: 'sync',
  title: 'Ticket for a socket',
  description:
    '60 seconds, single use. The socket offers the subprotocols `operary.v1` and `operary.ticket.TICKET`, in this order. ' +
    'For a text the answer names its current room: `WS /v1/sync/docs/{room}`, with the `@` URL-encoded.',
  body: { contentType: 'application/json', schema: TicketWish, required: true },
  answers: { 201: { description: 'The ticket', schema: Ticket } },
  refusals: [...BODY_REFUSALS, 'role-not-allowed', 'outside-your-area', 'signature-invalid', 'not-found'],
  handle: issue,
};

async function issue({ c, site, caller }: Asked): Promise<Response | Refusal> {
  const body = await jsonOf(c);
  if (isRefusal(body)) return body;
  const wish = parsedBy(TicketWish, body);
  if (isRefusal(wish)) return wish;
  const credential = credentialOf(c.req.header('authorization'));
  if (isRefusal(credential)) return credential;
  if (wish.purpose === 'feed') return answer(site.tickets.issue(credential, undefined, wish.deviceId));
  if (wish.room === undefined) return NO_ROOM;
  const entity = roomIn(wish.room)?.entity;
  if (entity === undefined) return NOT_THERE;
  const { deviceId, as } = wish;
  const device = deviceId ?? null;
  const writer =
    (await unsigned(site, caller, deviceId, [as], body.json)) ?? (await writerOf(site, caller, { device, as }));
  if (isRefusal(writer)) return writer;
  const refused = await forbidsWriting(site, caller, writer, entity);
  if (refused) return refused;
  // An older room is answered with the current one: its socket would only say the same.
  const room = site.rooms.roomNameOf(caller.org, entity);
  return answer(site.tickets.issue(credential, { entity, device, as }), { room });
}

const answer = (ticket: ReturnType<Tickets['issue']>, more: object = {}): Response | Refusal =>
  isRefusal(ticket) ? ticket : json({ ...ticket, ...more }, 201);

const NO_ROOM = refuse('invalid-input', 'Say which room: ENTITY@EPOCH, or the id of the item alone.', {
  fields: [{ field: '/room', problem: 'Needed for a document.' }],
});
