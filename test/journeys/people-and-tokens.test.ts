/** Organisations, people and their tokens: made by the command line, checked at every door, and nowhere to be read again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../shared/features/index.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { PERMISSIONS, ROLES, type Role } from '../../shared/kernel/roles.ts';
import { CLOSE } from '../../shared/sync/messages.ts';
import { operary, serving, type Serving } from '../kit/a-cli.ts';
import { apiOf, type Api } from '../kit/api.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { connectSender, type Sender } from '../kit/delivery.ts';
import { feedSocket, openFeed } from '../kit/feed-socket.ts';
import { eventsOf, listed, refusal, type Event, type Task } from '../kit/shapes.ts';

const TOKEN = /^opy_live_[0-9A-Za-z]{71}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const id = () => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
let deviceSeq = 0;
const deviceCommand = (type: string, subject: string, body: object) => ({
  id: id(),
  type,
  v: 1,
  subject,
  body,
  deviceSeq: ++deviceSeq,
  observedSeq: 0,
  occurredAt: new Date().toISOString(),
  tz: 'UTC',
  clockOffsetMs: null,
});
interface Outcome {
  readonly outcome: string;
  readonly problem?: { readonly status: number; readonly code: string };
}
const fromDevice = async (api: Api, type: string, subject: string, body: object = {}): Promise<Outcome> =>
  (
    await api.post<{ outcomes: [Outcome] }>('/v1/sync/commands', {
      deviceId: id(),
      commands: [deviceCommand(type, subject, body)],
    })
  ).outcomes[0];

describe('the command line', () => {
  const data = mkdtempSync(join(tmpdir(), 'operary-people-'));
  const shown: string[] = [];
  let server: Serving;
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const json = async (...words: readonly string[]): Promise<Record<string, string>> => {
    const { code, out, err } = await operary(data, [...words, '--json']);
    expect([code, err]).toEqual([0, '']);
    const answer = JSON.parse(out) as Record<string, string>;
    shown.push(answer['token']!);
    return answer;
  };

  test('makes an organisation and its people while no server runs', async () => {
    const made = await json('org', 'create', 'york', '--name', 'York Dairy');
    expect(made).toEqual({
      org: expect.stringMatching(UUID),
      token: expect.stringMatching(TOKEN),
      root: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
    });
    const given = await json('token', 'create', '--org', 'york', '--role', 'supervisor', '--user', 'Yve');
    expect(given).toEqual({ token: expect.stringMatching(TOKEN), user: expect.stringMatching(UUID) });
  });

  test('makes them while the server runs, in the same words; they work at once, and those of before work too', async () => {
    server = await serving(data);
    const made = await json('org', 'create', 'leeds');
    expect(Object.keys(made).sort()).toEqual(['org', 'root', 'token']);
    const given = await json('token', 'create', '--org', made['org']!, '--role', 'supervisor', '--user', 'Lea');
    expect(Object.keys(given).sort()).toEqual(['token', 'user']);
    const titles = await Promise.all(
      [shown[1]!, given['token']!].map(async (token, i) => {
        const api = apiOf(server.url, token);
        await api.post('/v1/tasks', { title: `Task ${i}`, area: 'main' });
        return (await listed<Task>(api, '/v1/tasks')).map(({ title }) => title);
      }),
    );
    expect(titles).toEqual([['Task 0'], ['Task 1']]);
    expect(await listed(apiOf(server.url, made['token']!), '/v1/orgs')).toMatchObject([
      { id: made['org'], slug: 'leeds', name: 'leeds', keys: { root: made['root'] } },
    ]);
  });

  test('[L10] a token is stored as a hash: no file, no log and no later answer holds it', async () => {
    const admin = apiOf(server.url, shown[0]!);
    const { user } = (await listed<{ user: string }>(admin, '/v1/tokens'))[0]!;
    const made = await admin.post<{ id: string; token: string }>('/v1/tokens', { role: 'admin', user });
    const turned = await admin.post<{ token: string }>(`/v1/tokens/${made.id}/rotate`);
    const sender = await admin.post<{ token: string }>('/v1/integrations', { kind: 'generic', name: 'PLC' });
    shown.push(made.token, turned.token, sender.token);
    expect(new Set(shown).size).toBe(7);
    const later = await Promise.all(
      ['/v1/tokens', `/v1/tokens/${made.id}`, '/v1/integrations', `/v1/tokens/${made.id}/trail`].map(async (path) =>
        (await admin.ask('GET', path)).text(),
      ),
    );
    // The random part: everything after the organisation, which is in every token of it.
    const secrets = shown.map((token) => token.slice(-50));
    const nowhere = (place: string, text: string) => {
      for (const secret of secrets) expect(text.includes(secret), place).toBe(false);
    };
    const search = () => {
      const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
        statSync(join(data, name)).isFile(),
      );
      expect(names).toEqual(expect.arrayContaining(['ledger.sqlite']));
      for (const name of names) nowhere(name, readFileSync(join(data, name), 'latin1'));
      return names;
    };
    nowhere('later answers', later.join('\n'));
    expect(search()).toContain('ledger.sqlite-wal');
    expect(await server.stop()).toBe(0);
    search();
    nowhere('log', server.log());
  });

  test.each([
    [['org', 'create', 'leeds'], /already/],
    [['token', 'create', '--org', 'nowhere', '--role', 'operator'], /no organisation "nowhere"/],
    [['token', 'create', '--role', 'operator'], /--org/],
    [['token', 'create', '--org', 'leeds', '--role', 'king'], /no role "king"/],
    [['token', 'create', '--org', 'leeds', '--role', 'operator', '--expires', 'soon'], /--expires|expiresAt|time/],
  ])('%j is refused in a sentence, and prints no token', async (words, sentence) => {
    const { code, out, err } = await operary(data, [...words, '--json']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n +at /);
  });
});

describe('the doors', () => {
  let server: AServer;
  let leeds: Plant;
  let york: Plant;
  let sender: Sender;
  let task: Task;
  const tokens = {} as Record<Role, string>;
  const api = (role: Role) => apiOf(server.url, tokens[role]);
  beforeAll(async () => {
    server = await aServer({ on: 'disk', heartbeatMs: 40 });
    [leeds, york] = [await server.plant('leeds'), await server.plant('york')];
    for (const role of ROLES) tokens[role] = (await server.token(leeds, role)).token;
    sender = await connectSender(server.url, apiOf(server.url, leeds.admin), 'generic');
    task = await api('supervisor').post<Task>('/v1/tasks', { title: 'Check pump 3', area: 'leeds/packaging' });
  });
  afterAll(() => server.close());
  const head = (plant = leeds) => server.ledger.head(plant.org);

  test('[L14] HTTP and device batches say the same about every command and every role, and it is what the one table says', async () => {
    const shift = await api('supervisor').post('/v1/shifts', {
      area: 'main',
      from: '2026-11-20T22:00:00Z',
      to: '2026-11-21T06:00:00Z',
    });
    const alarm = await api('operator').post('/v1/alarms', { text: 'Oil under gearbox 4', area: 'main' });
    const [token] = await listed<{ id: string }>(apiOf(server.url, leeds.admin), '/v1/tokens');
    const [person] = await listed<{ id: string }>(apiOf(server.url, leeds.admin), '/v1/users');
    const phone = await api('operator').post('/v1/devices', { name: 'Phone', publicKey: `${'A'.repeat(43)}=` });
    await server.settled();
    const there: Readonly<Record<string, string>> = {
      tasks: task.id,
      shifts: shift.id,
      alarms: alarm.id,
      integrations: sender.id,
      tokens: token!.id,
      users: person!.id,
      devices: phone.id,
    };
    const before = await head();
    const asked: string[] = [];
    for (const [type, { feature, verb, word }] of createRegister(features).commands) {
      // What is held is made by a device that was written off: a story of its own.
      if (word.internal || (!word.creates && !there[feature.name])) continue;
      const kebab = verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const subject = word.creates ? id() : there[feature.name]!;
      const path = word.creates ? `/v1/${feature.name}` : `/v1/${feature.name}/${subject}/${kebab}`;
      // A field that no command knows: whoever is let in meets the parser, the others are told at the door.
      const body = { noSuchField: true };
      for (const role of ROLES) {
        const wanted = role in PERMISSIONS[word.permission] ? [400, 'invalid-input'] : [403, 'role-not-allowed'];
        const { status, code } = await refusal(api(role).ask('POST', path, body));
        expect([type, role, status, code]).toEqual([type, role, ...wanted]);
        // Neither a secret that is shown once nor what is decided at the server only is asked for by a batch, whoever asks.
        const { problem } = await fromDevice(api(role), type, subject, body);
        expect([type, role, problem?.status, problem?.code]).toEqual([
          type,
          role,
          ...(word.mints || word.online ? [400, 'invalid-input'] : wanted),
        ]);
      }
      asked.push(type);
    }
    expect(asked.length).toBeGreaterThan(25);
    expect(await head()).toBe(before);
  });

  test('[L14] the feed lets in who may read, by page, by stream and by socket alike', async () => {
    for (const role of ROLES) {
      const page = await api(role).ask('GET', '/v1/events?limit=1');
      const feed = await openFeed(server, tokens[role]);
      await feed.until((messages) => messages.length > 0 || feed.socket.readyState > 1);
      expect([role, page.status, feed.messages.length > 0]).toEqual([role, 200, true]);
      feed.socket.send(JSON.stringify({ after: 0 }));
      await feed.until((messages) => messages.some((message) => message.type === 'events'));
      const types = new Set(
        feed.messages.flatMap((message) => (message.type === 'events' ? message.items.map(({ type }) => type) : [])),
      );
      const reads = (type: Event['type'], permission: keyof typeof PERMISSIONS) =>
        expect([role, type, types.has(type)]).toEqual([role, type, role in PERMISSIONS[permission]]);
      reads('task.created', 'operations.read');
      reads('token.created', 'config.read');
      reads('user.added', 'people.read');
      feed.socket.close();
    }
    for (const path of ['/v1/events', '/v1/sync/feed', '/v1/sync/snapshot', '/v1/audit'])
      expect(await refusal(apiOf(server.url, sender.token).ask('GET', path)), path).toMatchObject({ status: 403 });
    const { ticket } = await apiOf(server.url, sender.token).post<{ ticket: string }>('/v1/sync/tickets', {
      purpose: 'feed',
    });
    expect(await feedSocket(server.url, ['operary.v1', `operary.ticket.${ticket}`]).closed).toBe(CLOSE.role);
  });

  test.each(['expired', 'rotated', 'revoked'])(
    '[L10] a token that is %s opens no door any more, and ends what it had opened',
    async (how) => {
      const admin = apiOf(server.url, leeds.admin);
      const { user } = await server.token(leeds, 'operator', { user: `Ova ${how}` });
      const soon = how === 'expired' ? { expiresAt: new Date(Date.now() + 700).toISOString() } : {};
      const made = await admin.post<{ id: string; token: string }>('/v1/tokens', { role: 'operator', user, ...soon });
      const his = apiOf(server.url, made.token);
      const feed = await openFeed(server, made.token);
      await feed.until((messages) => messages.length > 0);
      const { ticket } = await his.post<{ ticket: string }>('/v1/sync/tickets', { purpose: 'feed' });
      if (how === 'rotated') await admin.post(`/v1/tokens/${made.id}/rotate`);
      if (how === 'revoked') await admin.post(`/v1/tokens/${made.id}/revoke`);

      expect(await feed.closed).toBe(CLOSE.ticket);
      const code = how === 'revoked' ? 'token-revoked' : 'token-expired';
      const doors = [
        his.ask('GET', '/v1/tasks'),
        his.ask('POST', '/v1/tasks', {}),
        his.ask('POST', '/v1/sync/commands', {}),
        his.ask('GET', '/v1/events/stream'),
        his.ask('POST', '/v1/sync/tickets', { purpose: 'feed' }),
      ];
      for (const door of doors) {
        const answer = await door;
        expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
        expect(await refusal(answer)).toMatchObject({ status: 401, code });
      }
      expect(await feedSocket(server.url, ['operary.v1', `operary.ticket.${ticket}`]).closed).toBe(CLOSE.ticket);
    },
  );

  test('a token that is rotated with an overlap works beside its successor, and the successor works', async () => {
    const admin = apiOf(server.url, leeds.admin);
    const { user } = await server.token(leeds, 'operator', { user: 'Olaf' });
    const made = await admin.post<{ id: string; token: string }>('/v1/tokens', { role: 'operator', user });
    const turned = await admin.post<{ token: string }>(`/v1/tokens/${made.id}/rotate`, { overlapMinutes: 5 });
    for (const token of [made.token, turned.token])
      expect((await apiOf(server.url, token).ask('GET', '/v1/tasks')).status).toBe(200);
    await admin.post(`/v1/tokens/${made.id}/revoke`);
    for (const token of [made.token, turned.token])
      expect(await refusal(apiOf(server.url, token).ask('GET', '/v1/tasks'))).toMatchObject({ code: 'token-revoked' });
  });

  test('[L10] a token with one other character, of another length or of nobody is unknown', async () => {
    const good = tokens.operator;
    const other = good.at(-1) === 'A' ? 'B' : 'A';
    for (const bad of [
      `${good.slice(0, -1)}${other}`,
      good.slice(0, -1),
      `${good}0`,
      good.toLowerCase(),
      good.replace('live', 'test'),
      `opy_live_${'z'.repeat(71)}`,
      'null',
    ])
      expect(await refusal(apiOf(server.url, bad).ask('GET', '/v1/tasks')), bad).toMatchObject({
        status: 401,
        code: 'unauthenticated',
      });
  });

  test('[L14] nothing of Leeds is there for York: no item, no list, no event, no file, no proof of it', async () => {
    const token = async (role: Role) => apiOf(server.url, (await server.token(york, role)).token);
    const [hers, auditor] = [await token('supervisor'), await token('auditor')];
    const [leedsBefore, yorkBefore] = [await head(), await head(york)];
    for (const path of ['', '/trail', '/acknowledge', '/note', '/cancel'])
      expect(
        await refusal(
          hers.ask(
            path === '' || path === '/trail' ? 'GET' : 'POST',
            `/v1/tasks/${task.id}${path}`,
            path === '' || path === '/trail' ? undefined : { text: 'x', reasonCode: 'not_needed' },
          ),
        ),
        path,
      ).toMatchObject({ status: 404, code: 'not-found' });
    expect(await refusal(hers.ask('GET', `/v1/tasks/${task.ref}`))).toMatchObject({ status: 404 });
    expect(await fromDevice(hers, 'tasks.note', task.id, { text: 'Hello from York' })).toMatchObject({
      outcome: 'rejected',
      problem: { code: 'not-found' },
    });
    expect(
      await refusal(
        hers.ask('POST', '/v1/tasks', {
          title: 'T',
          area: 'main',
          upstream: [{ kind: 'task', id: task.id, rel: 'follow_up_of' }],
        }),
      ),
    ).toMatchObject({ status: 422, code: 'unknown-reference' });
    expect(await listed(hers, '/v1/tasks')).toEqual([]);
    expect(await eventsOf(hers, task.id)).toEqual([]);
    const orgs = new Set((await listed<Event>(auditor, '/v1/events?limit=1000')).map(({ org }) => org));
    expect([...orgs]).toEqual([york.org]);
    expect(await hers.get('/v1/sync/snapshot')).toMatchObject({ organisation: york.org, head: yorkBefore });
    expect(await (await auditor.ask('GET', '/v1/log/checkpoint')).text()).toContain(york.org);
    const photo = new TextEncoder().encode('a photo of Leeds');
    const name = Buffer.from(await crypto.subtle.digest('SHA-256', photo)).toString('hex');
    await api('operator').ask('PUT', `/v1/files/${name}`, photo);
    expect(await refusal(hers.ask('GET', `/v1/files/${name}`))).toMatchObject({ status: 404 });
    expect((await hers.ask('PUT', `/v1/files/${name}`, photo)).status).toBe(201);
    expect(
      await refusal(apiOf(server.url, sender.token).ask('POST', `/v1/ingest/${id()}`, { title: 'x' })),
    ).toMatchObject({ status: 404 });
    expect([await head(), await head(york)]).toEqual([leedsBefore, yorkBefore]);
  });

  test('[L14] a person of one area neither reads nor writes outside of it', async () => {
    const { token } = await server.token(leeds, 'supervisor', { user: 'Wes', areas: ['leeds/warehouse'] });
    const his = apiOf(server.url, token);
    expect(await listed(his, '/v1/tasks')).toEqual([]);
    expect(await refusal(his.ask('GET', `/v1/tasks/${task.id}`))).toMatchObject({ status: 404 });
    expect(await refusal(his.ask('POST', '/v1/tasks', { title: 'T', area: 'leeds/packaging' }))).toMatchObject({
      status: 403,
      code: 'outside-your-area',
    });
    expect(await fromDevice(his, 'tasks.note', task.id, { text: 'x' })).toMatchObject({
      outcome: 'rejected',
      problem: { code: 'outside-your-area' },
    });
    expect(await his.post<Task>('/v1/tasks', { title: 'Forklift', area: 'leeds/warehouse/dock-1' })).toMatchObject({
      area: 'leeds/warehouse/dock-1',
    });
    expect(
      (await listed<Event>(his, '/v1/events?limit=1000')).every(
        (event) => !('area' in event) || event.area === null || event.area.startsWith('leeds/warehouse'),
      ),
    ).toBe(true);
  });
});
