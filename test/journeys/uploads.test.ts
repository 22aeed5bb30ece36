/** A photo over a line that breaks: pieces, where to go on, and what is refused. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadFiles } from '../../server/host/upload-files.ts';
import { ABANDONED_AFTER, memoryUploads, type Uploads } from '../../server/host/uploads.ts';
import { MOST_PARTS } from '../../server/http/uploads.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { apiOf } from '../kit/api.ts';
import { aServer, type Answer, type AServer, type Plant } from '../kit/a-server.ts';

let server: AServer;
let plant: Plant;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  server = await aServer();
  plant = await server.plant();
  for (const role of ['maintenance_engineer', 'supervisor', 'auditor'])
    tokens[role] = (await server.token(plant, role, { user: role })).token;
  tokens['admin'] = plant.admin;
});
afterAll(() => server.close());

let photos = 0;
/** Never twice the same bytes. */
function photo(size: number): { readonly bytes: Uint8Array; readonly sha256: string } {
  const bytes = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) & 0xff);
  new DataView(bytes.buffer).setUint32(0, ++photos);
  return { bytes, sha256: sha256Hex(bytes) };
}

interface Piece {
  readonly at: number;
  readonly of: number;
  readonly last?: boolean;
  readonly by?: string;
  readonly type?: string;
}

const send = (sha256: string, piece: Uint8Array, { at, of, last = false, by, type }: Piece): Promise<Answer> =>
  server.ask(`PATCH /v1/files/${sha256}`, {
    token: tokens[by ?? 'maintenance_engineer'],
    body: piece,
    headers: {
      'content-type': type ?? 'application/partial-upload',
      'upload-offset': String(at),
      'upload-length': String(of),
      'upload-complete': last ? '?1' : '?0',
    },
  });

async function look(sha256: string, by = 'maintenance_engineer') {
  const { status, headers, bytes } = await server.ask(`HEAD /v1/files/${sha256}`, { token: tokens[by] });
  expect(bytes).toHaveLength(0);
  return [status, headers.get('upload-offset'), headers.get('content-length')];
}

test('a file in three pieces: each is told where the next begins, and the last one stores the whole', async () => {
  const { bytes, sha256 } = photo(700);
  expect((await look(sha256)).slice(0, 2)).toEqual([404, null]);
  const first = await send(sha256, bytes.subarray(0, 256), { at: 0, of: 700 });
  expect([first.status, first.headers.get('upload-offset'), first.headers.get('upload-complete')]).toEqual([
    204,
    '256',
    '?0',
  ]);
  expect((await send(sha256, bytes.subarray(256, 512), { at: 256, of: 700 })).status).toBe(204);
  expect((await look(sha256)).slice(0, 2)).toEqual([404, '512']);
  expect((await server.ask(`GET /v1/files/${sha256}`, { token: tokens['supervisor'] })).status).toBe(404);
  const last = await send(sha256, bytes.subarray(512), { at: 512, of: 700, last: true });
  expect([last.status, last.headers.get('upload-complete'), last.body]).toEqual([201, '?1', { sha256, size: 700 }]);
  expect(await look(sha256)).toEqual([200, null, '700']);
  expect((await server.ask(`GET /v1/files/${sha256}`, { token: tokens['supervisor'] })).bytes).toEqual(bytes);
});

test('[L4] an answer that was lost is asked for again: a piece is refused with the right place, the last one just answered', async () => {
  const { bytes, sha256 } = photo(600);
  const piece = bytes.subarray(0, 300);
  await send(sha256, piece, { at: 0, of: 600 });
  const again = await send(sha256, piece, { at: 0, of: 600 });
  expect([again.status, again.body.code, again.body.offset, again.headers.get('upload-offset')]).toEqual([
    409,
    'offset-mismatch',
    300,
    '300',
  ]);
  expect((await send(sha256, bytes.subarray(400), { at: 400, of: 600, last: true })).body.offset).toBe(300);
  const rest = { at: 300, of: 600, last: true };
  expect((await send(sha256, bytes.subarray(300), rest)).status).toBe(201);
  expect((await send(sha256, bytes.subarray(300), rest)).status).toBe(200);
});

test('the end may be said later, with an empty piece', async () => {
  const { bytes, sha256 } = photo(10);
  expect((await send(sha256, bytes, { at: 0, of: 10 })).status).toBe(204);
  expect((await send(sha256, new Uint8Array(), { at: 10, of: 10, last: true })).status).toBe(201);
});

test('[L10] bytes that do not fit the name are dropped, and the right ones can be sent after them', async () => {
  const { bytes, sha256 } = photo(100);
  const wrong = bytes.map((byte) => byte ^ 1);
  const answer = await send(sha256, wrong, { at: 0, of: 100, last: true });
  expect([answer.status, answer.body.code]).toEqual([422, 'hash-mismatch']);
  expect((await look(sha256)).slice(0, 2)).toEqual([404, null]);
  expect((await send(sha256, bytes, { at: 0, of: 100, last: true })).status).toBe(201);
});

test('two devices that send the same photo at once help each other', async () => {
  const { bytes, sha256 } = photo(1000);
  const device = async (): Promise<number> => {
    for (let at = 0; ;) {
      const end = Math.min(at + 100, 1000);
      const answer = await send(sha256, bytes.subarray(at, end), { at, of: 1000, last: end === 1000 });
      if (answer.status === 200 || answer.status === 201) return answer.status;
      at = Number(answer.headers.get('upload-offset'));
    }
  };
  expect((await Promise.all([device(), device(), device()])).sort()).toEqual([200, 200, 201]);
});

test('a request that is cut off in the middle of a piece leaves nothing of it', async () => {
  const { bytes, sha256 } = photo(500);
  await send(sha256, bytes.subarray(0, 200), { at: 0, of: 500 });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    `PATCH /v1/files/${sha256} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens['supervisor']}\r\n` +
      'content-type: application/partial-upload\r\nupload-offset: 200\r\nupload-length: 500\r\n' +
      'upload-complete: ?1\r\ncontent-length: 300\r\n\r\n',
  );
  await new Promise((resolve) => socket.write(bytes.subarray(200, 350), resolve));
  socket.destroy();
  expect((await look(sha256))[1]).toBe('200');
  expect((await send(sha256, bytes.subarray(200), { at: 200, of: 500, last: true })).status).toBe(201);
});

describe('[L7] what cannot be is refused and leaves nothing', () => {
  const { bytes, sha256 } = photo(100);
  test.each([
    ['a part called by no hash', 'x', { at: 0, of: 100 }, 400],
    ['a role that brings no evidence', sha256, { at: 0, of: 100, by: 'auditor' }, 403],
    ['an admin', sha256, { at: 0, of: 100, by: 'admin' }, 403],
    ['another content type', sha256, { at: 0, of: 100, type: 'application/octet-stream' }, 415],
    ['more than the file has', sha256, { at: 0, of: 99 }, 400],
    ['a last piece that is not the last', sha256, { at: 0, of: 101, last: true }, 400],
    ['a file of more than 20 MiB', sha256, { at: 0, of: 20 * 1024 * 1024 + 1 }, 413],
    ['a place before the beginning', sha256, { at: -1, of: 100 }, 400],
    ['a place that no number holds', sha256, { at: 1e21, of: 100 }, 400],
    ['the middle of what was never begun', sha256, { at: 50, of: 150 }, 409],
  ] as const)('%s', async (_title, name, piece: Piece, status) => {
    expect((await send(name, bytes, piece)).status).toBe(status);
    expect((await look(sha256)).slice(0, 2)).toEqual([404, null]);
  });

  test('a piece without its headers, and one of more than 1 MiB', async () => {
    const token = tokens['supervisor'];
    const type = { 'content-type': 'application/partial-upload' };
    const bare = await server.ask(`PATCH /v1/files/${sha256}`, { token, body: bytes, headers: type });
    expect([bare.status, bare.body.fields.map(({ field }: { field: string }) => field)]).toEqual([
      400,
      ['/upload-offset', '/upload-length', '/upload-complete'],
    ]);
    const huge = new Uint8Array(1024 * 1024 + 1);
    expect((await send(sha256, huge, { at: 0, of: huge.length, last: true })).status).toBe(413);
  });

  test('an empty file', async () => {
    const none = sha256Hex(new Uint8Array());
    expect((await send(none, new Uint8Array(), { at: 0, of: 0, last: true })).status).toBe(400);
  });
});

test('an organisation that has begun too many finishes some first', async () => {
  const crowded = await server.plant();
  tokens['crowded'] = (await server.token(crowded, 'operator')).token;
  const by = 'crowded';
  const begun = Array.from({ length: MOST_PARTS }, () => photo(20));
  for (const { bytes, sha256 } of begun) await send(sha256, bytes.subarray(0, 10), { at: 0, of: 20, by });
  const { bytes, sha256 } = photo(20);
  expect((await send(sha256, bytes, { at: 0, of: 20, last: true, by })).body.code).toBe('not-ready');
  const [first] = begun;
  const rest = { at: 10, of: 20, last: true };
  expect((await send(first!.sha256, first!.bytes.subarray(10), { ...rest, by })).status).toBe(201);
  expect((await send(sha256, bytes, { at: 0, of: 20, last: true, by })).status).toBe(201);
});

test('[L14] another organisation sees nothing of a part, and its own part of the same name is its own', async () => {
  const other = await server.plant();
  tokens['other'] = (await server.token(other, 'operator')).token;
  const { bytes, sha256 } = photo(50);
  await send(sha256, bytes.subarray(0, 20), { at: 0, of: 50 });
  expect((await look(sha256, 'other')).slice(0, 2)).toEqual([404, null]);
  expect((await send(sha256, bytes, { at: 0, of: 50, last: true, by: 'other' })).status).toBe(201);
  expect((await look(sha256)).slice(0, 2)).toEqual([404, '20']);
});

describe('parts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'operary-parts-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const name = 'ab'.repeat(32);
  const kinds: readonly (readonly [string, () => Uploads])[] = [
    ['in memory', memoryUploads],
    ['as files', () => uploadFiles(folder, Date.now)],
  ];

  test.each(kinds)('%s: they grow, are counted, read, and dropped', async (_kind, make) => {
    const parts = make();
    expect([await parts.offset('org', name), await parts.count('org')]).toEqual([undefined, 0]);
    expect(await parts.add('org', name, 0, Uint8Array.of(1, 2, 3))).toBe(3);
    expect(await parts.add('org', name, 3, Uint8Array.of(4))).toBe(4);
    expect([await parts.offset('org', name), await parts.count('org'), await parts.count('other')]).toEqual([4, 1, 0]);
    expect([...(await parts.bytes('org', name))]).toEqual([1, 2, 3, 4]);
    await parts.drop('org', name);
    await parts.drop('org', name);
    expect([await parts.offset('org', name), await parts.count('org')]).toEqual([undefined, 0]);
  });

  test('as files they outlive the process, readable by their owner only, and go when nobody comes back to them', async () => {
    const before = uploadFiles(folder, Date.now);
    await before.add('org', name, 0, Uint8Array.of(7, 8));
    const file = join(folder, 'uploads', 'org', name);
    expect([...readFileSync(file)]).toEqual([7, 8]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'uploads')).mode & 0o777).toBe(0o700);
    const old = join(folder, 'uploads', 'org', 'cd'.repeat(32));
    writeFileSync(old, 'x');
    const longAgo = (Date.now() - ABANDONED_AFTER - 60_000) / 1000;
    utimesSync(old, longAgo, longAgo);
    const after = uploadFiles(folder, Date.now);
    expect(readdirSync(join(folder, 'uploads', 'org'))).toEqual([name]);
    expect(await after.offset('org', name)).toBe(2);
  });
});

test('an entry that came before its photo is told when the photo is whole', async () => {
  const { bytes, sha256 } = photo(300);
  const engineer = apiOf(server.url, tokens['maintenance_engineer']!);
  const supervisor = apiOf(server.url, tokens['supervisor']!);
  const assignee = { role: 'maintenance_engineer' };
  const { id } = await supervisor.post<{ id: string }>('/v1/tasks', { title: 'Guard', area: 'leeds', assignee });
  for (const verb of ['acknowledge', 'start']) await engineer.post(`/v1/tasks/${id}/${verb}`, {});
  const command = {
    ...{ id: uuidV7(Date.now(), randomBytes(10)), type: 'tasks.complete', v: 1, subject: id, tz: 'Europe/London' },
    ...{ body: { note: 'Mounted.', evidence: [sha256] }, deviceSeq: 1, clockOffsetMs: 0 },
    ...{ observedSeq: await server.ledger.head(plant.org), occurredAt: new Date().toISOString() },
  };
  const deviceId = uuidV7(Date.now(), randomBytes(10));
  const { outcomes } = await engineer.post<{ outcomes: unknown }>('/v1/sync/commands', {
    deviceId,
    commands: [command],
  });
  expect(outcomes).toMatchObject([{ outcome: 'accepted', flags: ['evidence_pending'] }]);
  const completed = async () => {
    await server.settled();
    const { actions } = await supervisor.get<Pick<TaskState, 'actions'>>(`/v1/tasks/${id}`);
    return actions.map(({ what, flags }) => [what, flags ?? []]);
  };
  await send(sha256, bytes.subarray(0, 200), { at: 0, of: 300 });
  expect((await completed()).slice(-1)).toEqual([['completed', ['evidence_pending']]]);
  await send(sha256, bytes.subarray(200), { at: 200, of: 300, last: true });
  expect((await completed()).slice(-2)).toEqual([
    ['completed', []],
    ['files_received', []],
  ]);
});
