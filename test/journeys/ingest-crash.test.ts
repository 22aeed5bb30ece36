/** The server is killed while deliveries come in, between storing one and the task that follows from it, again and again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { operary, serving } from '../kit/a-cli.ts';
import { apiOf } from '../kit/api.ts';
import { connectSender, senderAt, type Receipt } from '../kit/delivery.ts';
import { type Alarm, type Task } from '../kit/shapes.ts';
import { until } from '../kit/until.ts';

const ROUNDS = Number(process.env['OPERARY_CRASH_ROUNDS'] ?? 8);
const EACH_ROUND = 12;
/** From before the first answer until after the last task. */
const LONGEST_MS = 60;

const signal = (name: string) => ({
  id: `message-${name}`,
  condition: `condition-${name}`,
  state: 'active',
  severity: 'critical',
  title: `Alarm ${name}`,
  area: 'leeds/packaging',
});

test(`[L4] killed ${ROUNDS} times between storing a delivery and its task: each delivery makes its task once`, async () => {
  const data = mkdtempSync(join(tmpdir(), 'operary-ingest-crash-'));
  try {
    const { out } = await operary(data, ['org', 'create', 'leeds', '--json']);
    const { token, org } = JSON.parse(out) as { token: string; org: string };
    const person = await operary(data, [
      'token',
      'create',
      '--org',
      org,
      '--role',
      'supervisor',
      '--user',
      'Priya',
      '--json',
    ]);
    const supervisor = (JSON.parse(person.out) as { token: string }).token;
    let server = await serving(data);
    const { id, token: secret } = await connectSender(server.url, apiOf(server.url, token), 'generic');
    const names: string[] = [];
    let answeredBeforeTheKill = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const batch = Array.from({ length: EACH_ROUND }, (_, i) => `${round}-${i}`);
      names.push(...batch);
      const sender = senderAt(server.url, id, secret);
      const answers = batch.map((name) => sender.post(signal(name)).catch((): undefined => undefined));
      // The first answer says that storing has begun; the moment after it is the point of the test.
      await Promise.race(answers);
      await pause((LONGEST_MS * round) / ROUNDS);
      await server.stop('SIGKILL');
      const answered = await Promise.all(answers);
      answeredBeforeTheKill += answered.filter(Boolean).length;
      server = await serving(data);
      // As a sender does: what was not answered is sent again.
      const again = senderAt(server.url, id, secret);
      for (const [i, name] of batch.entries()) if (!answered[i]) await again.post(signal(name));
    }
    expect(answeredBeforeTheKill).toBeGreaterThan(0);
    const api = apiOf(server.url, supervisor);
    const tasks = await until('a task for each', async () => {
      const all = await everything<Task>(api, '/v1/tasks');
      return all.length >= names.length ? all : undefined;
    });
    const titles = names.map((name) => `Alarm ${name}`).sort();
    expect(tasks.map(({ title }) => title).sort()).toEqual(titles);
    const alarms = await everything<Alarm>(api, '/v1/alarms');
    expect(alarms.map(({ title }) => title).sort()).toEqual(titles);
    expect(new Set(alarms.map(({ activations }) => activations))).toEqual(new Set([1]));
    // Sent once more, all of it is known.
    const sender = senderAt(server.url, id, secret);
    const repeated: Receipt[] = [];
    for (const name of names.slice(-EACH_ROUND)) repeated.push(await sender.post(signal(name)));
    expect(new Set(repeated.map(({ status }) => status))).toEqual(new Set(['duplicate']));
    await server.stop();
    const checked = await operary(data, ['fsck']);
    expect([checked.code, checked.err]).toEqual([0, '']);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}, 900_000);

async function everything<T>(api: ReturnType<typeof apiOf>, path: string): Promise<T[]> {
  const all: T[] = [];
  for (let cursor = ''; ;) {
    const page = await api.get<{ items: T[]; next: string | null }>(
      `${path}?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    all.push(...page.items);
    if (page.next === null) return all;
    cursor = encodeURIComponent(page.next);
  }
}
