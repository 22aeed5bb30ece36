/** More comes than is worked off one by one, and the server is killed while it waits: each delivery is worked off exactly once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { operary, serving, type Serving } from '../kit/a-cli.ts';
import { apiOf } from '../kit/api.ts';
import { connectSender, senderAt } from '../kit/delivery.ts';
import { alarm } from '../kit/senders.ts';
import { listed, type Task } from '../kit/shapes.ts';
import { until } from '../kit/until.ts';

const EACH_TIME = 25;
const KILLS = 4;

let running: Serving | undefined;
let data = '';
afterEach(async () => {
  await running?.stop('SIGKILL').catch(() => undefined);
  rmSync(data, { recursive: true, force: true });
});

test('[L4] [L13] killed again and again between the raw store and the tasks, nothing is lost and nothing is twice', async () => {
  data = mkdtempSync(join(tmpdir(), 'operary-storm-'));
  running = await serving(data);
  const [, admin, supervisor] = /admin +(\S+)\n +supervisor +(\S+)/.exec(running.said)!;
  const { id, token } = await connectSender(running.url, apiOf(running.url, admin!), 'generic');
  await apiOf(running.url, admin!).post(`/v1/integrations/${id}/configure`, { limits: { integration: 1 } });
  for (let kill = 0; kill < KILLS; kill++) {
    const sender = senderAt(running.url, id, token);
    const answers = await Promise.all(
      Array.from({ length: EACH_TIME }, (_, n) => sender.post(alarm(`c${kill}-${n}`, { id: `m${kill}-${n}` }))),
    );
    expect(answers.filter(({ status }) => status === 'coalesced').length).toBeGreaterThanOrEqual(EACH_TIME - 1);
    await running.stop('SIGKILL');
    running = await serving(data);
  }
  const api = apiOf(running.url, supervisor!);
  const titles = async () => (await listed<Task>(api, '/v1/tasks?limit=200')).map(({ title }) => title);
  const wanted = KILLS * EACH_TIME;
  const made = await until('a task for every alarm', async () => {
    const found = await titles();
    return found.length >= wanted ? found : undefined;
  });
  expect([made.length, new Set(made).size]).toEqual([wanted, wanted]);
  // What its sender repeats, because it heard no answer, is known by its name.
  const again = senderAt(running.url, id, token);
  expect(await again.post(alarm('c0-0', { id: 'm0-0' }))).toMatchObject({ status: 'duplicate' });
  expect(await running.stop()).toBe(0);
  running = undefined;
  expect(await operary(data, ['fsck'])).toMatchObject({ code: 0 });
}, 120_000);
