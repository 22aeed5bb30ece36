import { expect, test } from 'vitest';
import { createConnection, type ConnectionState, type Snapshot } from '../../plugin/connection.ts';
import { manualClock, rest } from '../kit/manual-clock.ts';
import { scriptedLink, type ScriptedLink } from '../kit/scripted-link.ts';

const page = (head: number, more: object = {}) => ({
  json: {
    head,
    instance: 'one',
    organisation: 'org',
    me: { id: 'u', kind: 'user', role: 'supervisor', areas: [] },
    items: [],
    next: null,
    ...more,
  },
});
const ticket = () => ({ status: 201, json: { ticket: 'once', expiresAt: '' } });
const well: ScriptedLink['answers'] = {
  'GET /v1/sync/snapshot': () => page(7),
  'POST /v1/sync/tickets': ticket,
  'GET /v1/sync/feed': ({ path }) => ({ json: { items: [{ seq: 9 }], next: 9, head: 9, asked: path } }),
};
const refused = (status: number, detail: string) => () => ({ status, json: { code: 'x', detail } });

function connect(
  answers: ScriptedLink['answers'] = well,
  startsOver: (events: readonly object[]) => boolean = () => false,
) {
  const [link, clock] = [scriptedLink(answers), manualClock()];
  const states: ConnectionState[] = [];
  const snapshots: Snapshot[] = [];
  const heard: number[] = [];
  const connection = createConnection(link, clock, {
    started: (snapshot) => void snapshots.push(snapshot),
    heard(events) {
      heard.push(...events.map(({ seq }) => seq));
      return startsOver(events);
    },
    changed: (state) => void states.push(state),
  });
  connection.start();
  return { link, clock, connection, states, snapshots, heard };
}
const open = async (device: ReturnType<typeof connect>, head: number) => {
  await device.clock.pass(0);
  device.link.sockets.at(-1)!.opened();
  device.link.say({ type: 'heartbeat', head, instance: 'one' });
  await device.clock.pass(0);
};

test('a device starts from a snapshot, page by page, and follows from where the first page stood', async () => {
  const device = connect({
    ...well,
    'GET /v1/sync/snapshot': ({ path }) =>
      path.includes('cursor=a%2Fb')
        ? page(8, { items: [{ id: '2' }] })
        : page(7, { items: [{ id: '1' }], next: 'a/b' }),
  });
  await open(device, 7);
  expect(device.snapshots.map(({ head, items }) => [head, items.length])).toEqual([[7, 2]]);
  expect(device.link.sockets[0]!.protocols).toEqual(['operary.v1', 'operary.ticket.once']);
  expect(device.states.map(({ kind }) => kind)).toEqual(['connecting', 'live']);
});

test('what was recorded between snapshot and socket is fetched before anything from the socket is believed', async () => {
  const device = connect();
  await device.clock.pass(0);
  device.link.sockets[0]!.opened();
  device.link.say({ type: 'heartbeat', head: 9, instance: 'one' });
  device.link.say({ type: 'events', items: [{ seq: 10 }], next: 10, head: 10 });
  await device.clock.pass(0);
  expect(device.heard).toEqual([9, 10]);
  expect(device.link.asked.at(-1)!.path).toBe('/v1/sync/feed?after=7&limit=1000');
});

test('when what lies between cannot be fetched, nothing that came after it is believed', async () => {
  const device = connect();
  await device.clock.pass(0);
  device.link.answers = { ...well, 'GET /v1/sync/feed': () => 'nothing' };
  device.link.sockets[0]!.opened();
  device.link.say({ type: 'heartbeat', head: 9, instance: 'one' });
  device.link.say({ type: 'events', items: [{ seq: 10 }], next: 10, head: 10 });
  await device.clock.pass(0);
  expect(device.heard).toEqual([]);
  expect(device.connection.state.kind).toBe('offline');
});

test('a page that was seen already is not heard twice', async () => {
  const device = connect();
  await open(device, 7);
  for (let i = 0; i < 2; i++) device.link.say({ type: 'events', items: [{ seq: 8 }], next: 8, head: 8 });
  await device.clock.pass(0);
  expect(device.heard).toEqual([8]);
});

test('cut off, it says since when and tries again, later and later, between 0.3 and 30 seconds', async () => {
  const device = connect();
  await open(device, 7);
  device.link.answers = {};
  device.link.sockets[0]!.closed(1006);
  await rest();
  expect(device.connection.state).toMatchObject({ kind: 'offline', since: device.clock.now() });
  const tries: number[] = [];
  for (let i = 0; i < 240; i++) {
    const before = device.link.asked.length;
    await device.clock.pass(500);
    if (device.link.asked.length > before) tries.push(i * 500);
  }
  expect(tries.slice(0, 3)).toEqual([0, 500, 1000]);
  const gaps = tries.slice(1).map((at, i) => at - tries[i]!);
  expect(Math.max(...gaps)).toBe(15_000);
  expect(device.states.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'offline']);
  device.link.answers = well;
  await device.clock.pass(15_000);
  await open(device, 7);
  expect(device.connection.state.kind).toBe('live');
  expect(device.snapshots).toHaveLength(1);
});

test('a line that falls silent counts as cut off, though nobody closed it', async () => {
  const device = connect();
  await open(device, 7);
  for (let i = 0; i < 10; i++) {
    await device.clock.pass(15_000);
    device.link.say({ type: 'heartbeat', head: 7, instance: 'one' });
  }
  expect(device.connection.state.kind).toBe('live');
  device.link.answers = {};
  await device.clock.pass(41_000);
  expect(device.connection.state.kind).toBe('offline');
  expect(device.link.sockets[0]!.isClosed).toBe(true);
});

test('a server that never answers is given up after 30 seconds', async () => {
  const device = connect();
  device.connection.stop();
  const silent = scriptedLink({});
  silent.request = () => new Promise(() => undefined);
  const clock = manualClock();
  const connection = createConnection(silent, clock, {
    started: () => undefined,
    heard: () => false,
    changed: () => undefined,
  });
  connection.start();
  await clock.pass(29_000);
  expect(connection.state.kind).toBe('connecting');
  await clock.pass(1_500);
  expect(connection.state).toMatchObject({ kind: 'offline', why: 'The server did not answer.' });
});

test('[L7] a token that is refused ends the trying, with the reason, until somebody asks again', async () => {
  const device = connect({
    'GET /v1/sync/snapshot': refused(401, 'This token was revoked. Ask an admin for a new one.'),
  });
  await device.clock.pass(600_000);
  expect(device.connection.state).toEqual({
    kind: 'denied',
    why: 'This token was revoked. Ask an admin for a new one.',
  });
  expect(device.link.asked).toHaveLength(1);
  device.link.answers = well;
  device.connection.retryNow();
  await open(device, 7);
  expect(device.connection.state.kind).toBe('live');
});

test('where sockets do not pass, it polls, and is live all the same', async () => {
  const device = connect({ ...well, 'GET /v1/sync/feed': () => ({ json: { items: [], next: 7, head: 7 } }) });
  for (let i = 0; i < 3; i++) {
    await device.clock.pass(i * 3000);
    device.link.sockets[i]!.closed(1006);
  }
  await device.clock.pass(10_000);
  expect(device.connection.state.kind).toBe('live');
  expect(device.link.asked.filter(({ path }) => path.startsWith('/v1/sync/feed')).length).toBeGreaterThan(2);
});

test('an event of an item that only a new snapshot can bring makes the device start over, though not in a storm', async () => {
  const device = connect(well, (events) => events.length > 0);
  await open(device, 7);
  for (let i = 0; i < 3; i++) {
    device.link.say({ type: 'events', items: [{ seq: 20 + i }], next: 20 + i, head: 20 + i });
    await device.clock.pass(1000);
  }
  expect(device.snapshots).toHaveLength(1);
  await device.clock.pass(10_000);
  expect(device.snapshots).toHaveLength(2);
});

test('stopped, it is quiet', async () => {
  const device = connect();
  await open(device, 7);
  device.connection.stop();
  const before = device.link.asked.length;
  await device.clock.pass(600_000);
  expect(device.link.asked).toHaveLength(before);
  expect(device.link.sockets[0]!.isClosed).toBe(true);
});

test('a server of another name, or with less than this device has seen, is started from anew at once', async () => {
  const device = connect();
  await open(device, 7);
  device.link.say({ type: 'heartbeat', head: 7, instance: 'two' });
  await device.clock.pass(400);
  expect(device.snapshots).toHaveLength(2);
  const shorter = connect({ ...well, 'GET /v1/sync/feed': () => ({ json: { items: [], next: 5, head: 5 } }) });
  await open(shorter, 5);
  await shorter.clock.pass(400);
  expect(shorter.snapshots).toHaveLength(2);
});

test('an old heartbeat that comes after newer events is no shorter history', async () => {
  const device = connect();
  await open(device, 7);
  device.link.say({ type: 'events', items: [{ seq: 8 }], next: 8, head: 8 });
  device.link.say({ type: 'heartbeat', head: 7, instance: 'one' });
  await device.clock.pass(11_000);
  expect(device.snapshots).toHaveLength(1);
  expect(device.connection.state.kind).toBe('live');
});

test('another name told elsewhere makes it start over while it is live, the same name never', async () => {
  const device = connect();
  await open(device, 7);
  device.connection.met('one');
  await device.clock.pass(400);
  expect(device.snapshots).toHaveLength(1);
  device.connection.met('two');
  await device.clock.pass(400);
  expect(device.snapshots).toHaveLength(2);
});
