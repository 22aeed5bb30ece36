/**
 * A file in pieces over a line that breaks, in the manner of draft-ietf-httpbis-resumable-upload: HEAD tells how much is here, PATCH adds
 * the next piece. Every piece is on disk before its answer; the last one is answered when the whole fits its name and is in the store.
 */
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { refuseIssues } from '../../shared/kernel/issues.ts';
import { filesAmong } from '../../shared/kernel/read.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import * as z from 'zod';
import type { Uploads } from '../host/uploads.ts';
import { json } from './answers.ts';
import { bytesOf } from './body.ts';
import { badName, FILE_LIMIT, FILE_NAME, mayFetch, stored } from './file-words.ts';
import { problemResponse } from './problem.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';

/** Of one request. */
const PIECE_LIMIT = 1024 * 1024;
/** Begun and not finished, of one organisation. */
export const MOST_PARTS = 200;
const PARTIAL = 'application/partial-upload';
const PATH = '/v1/files/{sha256}';

const count = z
  .string()
  .regex(/^[0-9]{1,15}$/, 'Must be a whole number of bytes.')
  .transform(Number);
const headers = z.object({
  'upload-offset': count.meta({ description: 'Where this piece begins: how much is here already.' }),
  'upload-length': count.meta({ description: 'Bytes of the whole file.' }),
  'upload-complete': z
    .enum(['?0', '?1'], 'Must be ?1 with the last piece and ?0 with every other.')
    .meta({ description: '`?1` with the last piece.' }),
});

export function uploadRoutes(uploads: Uploads): { readonly head: Route; readonly patch: Route } {
  const inTurn = turns();

  async function head(asked: Asked): Promise<Response | Refusal> {
    const { c, site, caller, params } = asked;
    const mayWrite = !forbids(caller, 'evidence.write', {});
    const refused = mayWrite ? undefined : mayFetch(caller);
    if (refused) return refused;
    const sha256 = params['sha256']!;
    if (!FILE_NAME.test(sha256)) return badName;
    const file = await site.ledger.file(caller.org, sha256);
    if (file)
      return new Response(null, { headers: { 'content-length': String(file.length), 'upload-complete': '?1' } });
    const offset = mayWrite ? await uploads.offset(caller.org, sha256) : undefined;
    const partly = offset === undefined ? undefined : { 'upload-offset': String(offset), 'upload-complete': '?0' };
    return problemResponse(refuse('not-found', 'This file is not stored here.'), c.var.requestId, partly);
  }

  async function patch(asked: Asked): Promise<Response | Refusal> {
    const { c, caller, params } = asked;
    const refused = forbids(caller, 'evidence.write', {});
    if (refused) return refused;
    const sha256 = params['sha256']!;
    if (!FILE_NAME.test(sha256)) return badName;
    if (c.req.header('content-type')?.toLowerCase() !== PARTIAL)
      return refuse('unsupported-media-type', `Send a piece as ${PARTIAL}, or the whole file with PUT.`);
    const told = headers.safeParse(c.req.header());
    if (!told.success) return refuseIssues(told.error);
    const { 'upload-offset': offset, 'upload-length': length, 'upload-complete': complete } = told.data;
    const piece = await bytesOf(c, PIECE_LIMIT);
    if (isRefusal(piece)) return piece;
    const wrong = misfit(offset, piece.length, length, complete === '?1');
    if (wrong) return wrong;
    // One after the other in an organisation, so that two that send the same photo cannot write into each other.
    return inTurn(caller.org, () => add(asked, sha256, { offset, length, piece, isLast: complete === '?1' }));
  }

  async function add(
    { c, site, caller: { org } }: Asked,
    sha256: string,
    { offset, length, piece, isLast }: { offset: number; length: number; piece: Uint8Array; isLast: boolean },
  ): Promise<Response | Refusal> {
    if (await isStored(site, org, sha256)) {
      await uploads.drop(org, sha256);
      return done(sha256, length, 200);
    }
    const here = await uploads.offset(org, sha256);
    if ((here ?? 0) !== offset) return elsewhere(here ?? 0, c.var.requestId);
    if (here === undefined && (await uploads.count(org)) >= MOST_PARTS) return tooMany;
    const end = piece.length ? await uploads.add(org, sha256, offset, piece) : offset;
    if (!isLast)
      return new Response(null, { status: 204, headers: { 'upload-offset': String(end), 'upload-complete': '?0' } });
    const whole = await uploads.bytes(org, sha256);
    const actual = sha256Hex(whole);
    if (actual !== sha256) {
      await uploads.drop(org, sha256);
      return refuse('hash-mismatch', `What arrived has the SHA-256 ${actual}. It was dropped; send it again from 0.`);
    }
    // The part goes after the store has it on disk: a crash between the two leaves a part that the next piece clears away.
    await site.ledger.putFile(org, sha256, whole);
    await uploads.drop(org, sha256);
    return done(sha256, whole.length, 201);
  }

  return {
    head: {
      method: 'head',
      path: PATH,
      group: 'files',
      title: 'Ask how much of a file is here',
      description: 'Where to go on after the line broke. Without `Upload-Offset` begin at 0.',
      answers: { 200: { description: 'It is stored', headers: { 'Content-Length': 'Bytes of the file.' } } },
      refusals: ['invalid-input', 'role-not-allowed', 'not-found'],
      handle: head,
    },
    patch: {
      method: 'patch',
      path: PATH,
      group: 'files',
      title: 'Store the next piece of a file',
      description: 'At most 1 MiB a piece and 20 MiB in all. A part that nobody adds to for seven days is dropped.',
      headers,
      body: { contentType: PARTIAL, required: true },
      answers: {
        204: { description: 'The piece is on disk', headers: { 'Upload-Offset': 'Where the next piece begins.' } },
        201: { description: 'The file is whole and stored', schema: stored },
        200: { description: 'It was there', schema: stored },
      },
      refusals: [
        'invalid-input',
        'role-not-allowed',
        'offset-mismatch',
        'too-large',
        'unsupported-media-type',
        'hash-mismatch',
        'not-ready',
      ],
      handle: patch,
    },
  };
}

function misfit(offset: number, piece: number, length: number, isLast: boolean): Refusal | undefined {
  const no = (field: string, problem: string): Refusal =>
    refuse('invalid-input', `/${field}: ${problem}`, { fields: [{ field: `/${field}`, problem }] });
  if (length > FILE_LIMIT) return refuse('too-large', 'A file has at most 20 MiB. Make it smaller, or split it.');
  if (length === 0) return no('upload-length', 'The file is empty.');
  const end = offset + piece;
  if (end > length) return no('upload-length', `This piece would end at ${end}.`);
  if (isLast && end < length) return no('upload-complete', `This piece ends at ${end}, so it is not the last one.`);
  return undefined;
}

const elsewhere = (offset: number, requestId: string): Response =>
  problemResponse(
    refuse('offset-mismatch', `${offset} bytes of this file are here. Go on from there.`, { extra: { offset } }),
    requestId,
    { 'upload-offset': String(offset), 'upload-complete': '?0' },
  );

const tooMany = refuse(
  'not-ready',
  `${MOST_PARTS} files of your organisation have arrived in part. Finish those first, or send this one whole with PUT.`,
);

const isStored = async ({ ledger }: Site, org: string, sha256: string): Promise<boolean> =>
  (await ledger.load(org, filesAmong([sha256]))).length > 0;

const done = (sha256: string, size: number, status: number): Response =>
  json({ sha256, size }, status, { 'upload-complete': '?1' });

type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    const leave = (): void => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  };
}
