/** Rooms without a socket: what they lack is fetched and what was written is brought, many in one request, durable before the answer. */
import { base64, fromBase64 } from '../../shared/kernel/bytes.ts';
import type { DocsAnswer, DocsBatch } from '../../shared/sync/docs.ts';
import { ROOM_LIMITS } from '../../shared/sync/room-words.ts';
import { answered, problemIn, type Clock, type Link } from '../link.ts';
import { namedAs, signed, type Naming } from './naming.ts';
import type { Room } from './room-port.ts';

export interface ExchangeParts extends Naming {
  readonly link: Link;
  readonly clock: Clock;
  readonly deviceId: () => string | undefined;
  /** Everything the server has of this room is here. */
  readonly met: (room: Room) => void;
}

type Asked = DocsBatch['docs'][number];
interface Sent {
  readonly room: Room;
  readonly doc: Asked;
  readonly upto: number;
}

/** Of a request that may take `batchBytes`, with room for the rest of it. */
const BYTES = ROOM_LIMITS.batchBytes / 2;

/** As many of these as fit into one request; rejects when there was no answer to go on. Answers with those that are to be asked again. */
export async function exchange(rooms: readonly Room[], parts: ExchangeParts): Promise<readonly Room[]> {
  await Promise.all(rooms.map((room) => room.kept()));
  const sent: Sent[] = [];
  let bytes = 0;
  for (const room of rooms.slice(0, ROOM_LIMITS.batch)) {
    const update = updateOf(room);
    bytes += update?.length ?? 0;
    if (sent.length && bytes > BYTES) break;
    // Of a text that is final the whole is needed, so that what came too late can be told from it.
    const vector = room.isClosing ? {} : { stateVector: base64(room.vector()) };
    const doc: Asked = {
      entity: room.entity,
      ...(room.name === undefined ? {} : { room: room.name }),
      ...vector,
      ...(update ? { update: base64(update), ...namedAs(parts, room.unsent.first) } : {}),
    };
    sent.push({ room, doc, upto: room.unsent.last });
  }
  const device = parts.deviceId();
  const body = { ...(device === undefined ? {} : { deviceId: device }), docs: sent.map(({ doc }) => doc) };
  const isNaming = sent.some(({ doc }) => doc.as !== undefined);
  const reply = await answered(parts.link, parts.clock, 'POST', '/v1/sync/docs', isNaming ? signed(parts, body) : body);
  if (reply.status >= 300) throw new Error(problemIn(reply).detail);
  const { docs } = reply.json as DocsAnswer;
  const answers = new Map(docs.map((doc) => [doc.entity, doc]));
  const asked = sent.flatMap(({ room, doc, upto }) => {
    const answer = answers.get(room.entity);
    return answer && take(room, doc, upto, answer, parts) ? [room] : [];
  });
  return [...asked, ...rooms.slice(sent.length)];
}

const updateOf = (room: Room): Uint8Array | undefined => (room.unsent.isDoubted ? room.whole() : room.unsent.all());

/** Answers whether to ask again at once. */
function take(
  room: Room,
  asked: Asked,
  upto: number,
  answer: DocsAnswer['docs'][number],
  parts: ExchangeParts,
): boolean {
  if (answer.room !== undefined && answer.room !== asked.room) {
    room.called(answer.room);
    if (asked.room !== undefined) return true;
  }
  if (answer.problem) {
    const { status, detail } = answer.problem;
    const isRefused = status === 403 || status === 413 || status === 400;
    if (!isRefused) room.unsent.doubt();
    // It may be the copy that is not taken, and not the person.
    else if (!asked.update || status === 413 || !room.renew()) room.hold(detail, status === 403);
    else return true;
    return false;
  }
  if (answer.sealed) {
    room.close();
    if (asked.stateVector !== undefined || answer.update === undefined) return true;
    if (room.unsent.turns.length) {
      room.stored(upto);
      return true;
    }
    room.sealedAs(fromBase64(answer.update), answer.untold ?? false);
    return false;
  }
  if (answer.update !== undefined && !room.heard(fromBase64(answer.update))) return true;
  room.stored(upto);
  parts.met(room);
  // What the next person wrote goes in a request of its own.
  return asked.update !== undefined && !room.unsent.isEmpty;
}
