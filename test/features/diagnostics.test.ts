/** The diagnostics report: it helps, and nothing secret can be in it, wherever secrets lie. */
import { expect, test } from 'vitest';
import { createAttention } from '../../plugin/attention.ts';
import { diagnosticsOf, type Facts } from '../../plugin/diagnostics.ts';
import { task } from '../kit/ask.ts';
import { PACKAGING } from '../kit/given.ts';
import { longAgo, visit } from '../kit/long-ago.ts';
import { ana, PEOPLE } from '../kit/people.ts';
import { replicaOf } from '../kit/vault-of.ts';

const UNSET = {
  url: '',
  secret: '',
  root: '',
  lockMinutes: 10,
  pastDays: 30,
  photos: 'computers' as const,
  welcomed: false,
  templates: '',
};
const SECRETS = [
  'op_token_5e11',
  '4711-pin',
  'pA55word',
  'hidden-path',
  'query-secret',
  'Weeping seal',
  'Line 3 tablet',
];
const [TOKEN, PIN, PASSWORD, PATH, QUERY, TEXT, DEVICE] = SECRETS as [string, ...string[]];

async function facts(): Promise<Facts> {
  const { plant } = await longAgo(200);
  await plant.run(task('seal').create({ title: TEXT!, area: PACKAGING, description: PIN }).by(ana));
  const { items } = await longAgo(200);
  const tasks = [...(await replicaOf(plant)).all('task')];
  const { host, link, attention } = await visit({ plant, items: [...items, ...tasks.slice(-1)] }, 30);
  const why = `401 at https://plant.example/${PATH}?token=${TOKEN} net::ERR_CERT_AUTHORITY_INVALID ${PASSWORD}`;
  link.answers = { 'POST /v1/sync/tickets': () => ({ status: 503, json: { code: 'x', detail: why } }) };
  host.connection.retryNow();
  for (const about of [`edit:${TEXT}:${PIN}`, TOKEN, 'sealed:x', DEVICE!])
    attention.tell(about, `${TEXT} ${TOKEN} ${PASSWORD}`);
  return {
    version: '0.3.0',
    obsidian: '1.13.1',
    platform: 'iPhone',
    now: Date.parse('2026-11-21T06:00:00.000Z'),
    settings: {
      ...UNSET,
      url: `https://ana:${PASSWORD}@plant.example:8443/${PATH}?key=${QUERY}`,
      secret: TOKEN,
      root: `SHA256:${PASSWORD}`,
    },
    host,
    deviceId: '01990000-0000-7000-8000-0000deadbeef',
    notes: 96,
    bundles: { count: 3, bytes: 81_920 },
    concerns: attention.all,
    offset: '1250',
  };
}

test('it tells versions, counts and states', async () => {
  const text = diagnosticsOf(await facts());
  for (const line of [
    'Plugin: 0.3.0 · Obsidian: 1.13.1 · iPhone',
    'Server: https://plant.example:8443 · fingerprint set',
    'Clock: 1250 ms ahead of the server',
    'Device: …deadbeef',
    'role: supervisor',
    'Notes in the folder: 96',
    'Evidence bundles kept: 3 (81920 bytes)',
    'tasks 2, shifts 200',
    'Shifts without notes here: 109',
    'Waiting: 0, of these texts 0, files 0 (0 bytes)',
    'Needs attention: 4',
    'Z edit',
    'Z sealed',
  ])
    expect(text).toContain(line);
});

test('no token, PIN, password, path, name or text is in it, though they lie everywhere it looks', async () => {
  const text = diagnosticsOf(await facts());
  for (const secret of [...SECRETS, ...PEOPLE.map(({ name }) => name), ana.id, PACKAGING])
    expect(text, secret).not.toContain(secret);
});

test('of a reason only its code is told', async () => {
  const all = await facts();
  const why = `${PASSWORD}: net::ERR_CERT_AUTHORITY_INVALID at ${PATH}`;
  const state = { kind: 'offline', since: all.now, why } as const;
  const offline = { ...all, host: { ...all.host!, connection: { ...all.host!.connection, state } } };
  const text = diagnosticsOf(offline);
  expect(text).toContain('Connection: offline since 2026-11-21T06:00:00.000Z, ERR_CERT_AUTHORITY_INVALID\n');
  expect(text).not.toContain(PASSWORD);
});

test('before anything is connected it can be copied too', () => {
  const { all } = createAttention(
    () => 0,
    () => undefined,
  );
  const nothing = { version: '1', obsidian: '1', platform: 'Mac', now: 0, settings: UNSET, host: undefined };
  const text = diagnosticsOf({
    ...nothing,
    deviceId: '',
    notes: 0,
    bundles: { count: 0, bytes: 0 },
    concerns: all,
    offset: undefined,
  });
  expect(text).toContain('Server: none');
  expect(text).toContain('Connection: unset');
  expect(text).toContain('Clock: not measured');
});
