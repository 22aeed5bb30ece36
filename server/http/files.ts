/** Evidence, content-addressed: the name is the SHA-256 of the bytes, so the same photo is stored once and no name lies. */
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import type { Uploads } from '../host/uploads.ts';
import { bytes, json } from './answers.ts';
import { bytesOf } from './body.ts';
import { badName, FILE_LIMIT, FILE_NAME, mayFetch, stored } from './file-words.ts';
import type { Asked, Route } from './route.ts';
import { uploadRoutes } from './uploads.ts';

export function fileRoutesOn(uploads: Uploads): readonly Route[] {
  const { head, patch } = uploadRoutes(uploads);
  return [
    {
      method: 'put',
      path: '/v1/files/{sha256}',
      group: 'files',
      title: 'Store a file',
      description: 'At most 20 MiB. The path names the SHA-256 of the bytes, in lower-case hex.',
      body: { contentType: 'application/octet-stream', required: true },
      answers: { 201: { description: 'Stored', schema: stored }, 200: { description: 'It was there', schema: stored } },
      refusals: ['invalid-input', 'role-not-allowed', 'too-large', 'unsupported-media-type', 'hash-mismatch'],
      handle: (asked) => put(asked, uploads),
    },
    {
      method: 'get',
      path: '/v1/files/{sha256}',
      group: 'files',
      title: 'Fetch a file',
      answers: { 200: { description: 'The bytes', contentType: 'application/octet-stream' } },
      refusals: ['role-not-allowed', 'not-found'],
      handle: (asked) => (asked.c.req.method === 'HEAD' ? head.handle(asked) : get(asked)),
    },
    head,
    patch,
  ];
}

async function put({ c, site, caller, params }: Asked, uploads: Uploads): Promise<Response | Refusal> {
  const refused = forbids(caller, 'evidence.write', {});
  if (refused) return refused;
  const sha256 = params['sha256']!;
  if (!FILE_NAME.test(sha256)) return badName;
  const body = await bytesOf(c, FILE_LIMIT);
  if (isRefusal(body)) return body;
  if (!body.length)
    return refuse('invalid-input', 'The file is empty.', { fields: [{ field: '', problem: 'Empty.' }] });
  const actual = sha256Hex(body);
  if (actual !== sha256)
    return refuse('hash-mismatch', `These bytes have the SHA-256 ${actual}. Send them under that name.`);
  const there = await site.ledger.file(caller.org, sha256);
  if (!there) await site.ledger.putFile(caller.org, sha256, body);
  await uploads.drop(caller.org, sha256);
  return json({ sha256, size: body.length }, there ? 200 : 201);
}

async function get({ site, caller, params }: Asked): Promise<Response | Refusal> {
  const refused = mayFetch(caller);
  if (refused) return refused;
  const sha256 = params['sha256']!;
  const file = FILE_NAME.test(sha256) ? await site.ledger.file(caller.org, sha256) : undefined;
  if (!file) return refuse('not-found', 'There is no file with this SHA-256 in your organisation.');
  // Downloaded, never shown: what people uploaded must not run in this origin.
  return bytes(file, 'application/octet-stream', {
    'content-disposition': `attachment; filename="${sha256}"`,
    'content-security-policy': "default-src 'none'; sandbox",
    etag: `"${sha256}"`,
  });
}
