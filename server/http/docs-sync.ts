/** `POST /v1/sync/docs`: people's texts without a socket. Each document has an answer of its own; what was brought is stored before it leaves. */
import type { Caller } from '../../shared/kernel/command.ts';
import { fromBase64, base64 } from '../../shared/kernel/bytes.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { DocsAnswer, DocsBatch } from '../../shared/sync/docs.ts';
import { ROOM_CLOSE, ROOM_LIMITS } from '../../shared/sync/room-words.ts';
import { isRefused } from '../rooms/author.ts';
import { json } from './answers.ts';
import { BODY_REFUSALS, jsonOf } from './body.ts';
import { forbidsWriting, isOther, unsigned, writerOf } from './doc-person.ts';
import { parsedBy } from './parsed.ts';
import { problemOf } from './problem.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';

export const docsSyncRoute: Route = {
  method: 'post',
  path: '/v1/sync/docs',
  group: 'sync',
  title: 'People’s texts without a socket',
  description: `At most ${ROOM_LIMITS.batch}. Takes what is brought and answers with what the asker lacks. A document that cannot be taken is a \`problem\` of its own, never a failed batch.`,
  body: { contentType: 'application/json', schema: DocsBatch, required: true },
  answers: { 200: { description: 'One answer each, in the same order', schema: DocsAnswer } },
  refusals: BODY_REFUSALS,
  handle: exchange,
};

type Doc = DocsBatch['docs'][number];
type DocAnswer = DocsAnswer['docs'][number];

async function exchange({ c, site, caller }: Asked): Promise<Response | Refusal> {
  const body = await jsonOf(c, ROOM_LIMITS.batchBytes);
  if (isRefusal(body)) return body;
  const batch = parsedBy(DocsBatch, body);
  if (isRefusal(batch)) return batch;
  const { deviceId } = batch;
  const names = batch.docs.map(({ as }) => as);
  const forged = await unsigned(site, caller, deviceId, names, body.json);
  const docs: DocAnswer[] = [];
  // One after the other: the same text may come twice, in the order of the asker.
  for (const doc of batch.docs) {
    const { entity, as } = doc;
    const named = { device: deviceId ?? null, as };
    const writer = forged && isOther(caller, as) ? forged : await writerOf(site, caller, named);
    const answer = isRefusal(writer) ? writer : await exchangeOne(site, caller, { writer, ...named }, doc);
    docs.push(isRefusal(answer) ? { entity, ...renamed(answer), problem: problem(answer, c.var.requestId) } : answer);
  }
  return json({ docs });
}

async function exchangeOne(
  site: Site,
  caller: Caller,
  { writer, device }: { readonly writer: Caller; readonly device: string | null },
  doc: Doc,
): Promise<DocAnswer | Refusal> {
  const { entity } = doc;
  const refused = await forbidsWriting(site, caller, writer, entity, doc.update === undefined);
  if (refused) return refused;
  const room = site.rooms.roomNameOf(caller.org, entity);
  if (doc.room !== undefined && doc.room !== room)
    return refuse('gone', `This room has been replaced. Go on in ${room}, and bring your own words there.`, {
      extra: { room },
    });
  const update = bytesIn(doc.update);
  const vector = bytesIn(doc.stateVector);
  if (isRefusal(update)) return update;
  if (isRefusal(vector)) return vector;
  try {
    const exchanged = await site.rooms
      .room(caller.org, entity)
      .exchange({ user: writer.id, device }, { update, vector });
    if (isRefused(exchanged)) return REFUSALS[exchanged.code] ?? REFUSALS[ROOM_CLOSE.leaving]!;
    const { isSealed, isLate, isUntold } = exchanged;
    const answer = { entity, room, update: base64(exchanged.update), sealed: isSealed };
    return { ...answer, ...(isLate ? { late: true } : {}), ...(isUntold ? { untold: true } : {}) };
  } catch (error) {
    site.log.error({ org: caller.org, entity, err: error }, 'room cannot be read');
    return refuse('internal', 'This text cannot be read now. Tell an admin, and keep what you have.');
  }
}

function bytesIn(text: string | undefined): Uint8Array | undefined | Refusal {
  try {
    return text === undefined ? undefined : fromBase64(text);
  } catch {
    return refuse('invalid-input', 'Not base64. Send standard base64 with padding.');
  }
}

const REFUSALS: Readonly<Record<number, Refusal>> = {
  [ROOM_CLOSE.malformed]: refuse('invalid-input', 'This is no Yjs update of text, or no state vector. Send V1 bytes.'),
  [ROOM_CLOSE.notAllowed]: refuse(
    'role-not-allowed',
    'A client id in this update belongs to somebody else or to another device. Open a new document, and put your text there.',
  ),
  [ROOM_CLOSE.tooLarge]: refuse('too-large', 'This is more than a text may hold. Put a part of it elsewhere.'),
  [ROOM_CLOSE.resync]: refuse(
    'unknown-reference',
    'This update builds on text that is not here. Send all that you have as one update.',
  ),
  [ROOM_CLOSE.leaving]: refuse('not-ready', 'This could not be stored. Keep it, and try again.'),
};

const problem = (refusal: Refusal, requestId: string): DocAnswer['problem'] =>
  problemOf(refusal, requestId) as DocAnswer['problem'];

const renamed = ({ extra }: Refusal): Pick<DocAnswer, 'room'> =>
  typeof extra?.['room'] === 'string' ? { room: extra['room'] } : {};
