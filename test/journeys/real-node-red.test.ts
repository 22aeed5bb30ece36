/** Node-RED and mosquitto bring what machines publish; Node-RED starts again and the broker repeats what it retains. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, type TestContext } from 'vitest';
import { NoPackages } from '../kit/debian.ts';
import { leedsWorks, PACKAGING } from '../kit/leeds.ts';
import { mosquitto, nodeRed } from '../kit/node-red.ts';
import { listed, type Alarm, type Delivery, type Task } from '../kit/shapes.ts';
import { until } from '../kit/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function orSkip<T extends { stop(): Promise<unknown> }>(ctx: TestContext, made: Promise<T>): Promise<T> {
  try {
    const program = await made;
    closing.push(() => program.stop());
    return program;
  } catch (error) {
    if (error instanceof NoPackages) ctx.skip(error.message);
    throw error;
  }
}

/** As the flow that we hand out has it: a function that names the message, and a request. */
const flowTo = (url: string, token: string) => [
  {
    id: 'prepare',
    type: 'function',
    func: `msg.headers = { authorization: 'Bearer ${token}' };
if (msg.payload && msg.payload.id) msg.headers['idempotency-key'] = String(msg.payload.id);
if (typeof msg.payload === 'object') msg.payload = { topic: msg.topic, retain: msg.retain, ...msg.payload };
return msg;`,
    outputs: 1,
    wires: [['post']],
  },
  { id: 'post', type: 'http request', method: 'POST', ret: 'txt', url, wires: [[]] },
];

const said = (state: string, id: string) =>
  JSON.stringify({
    id,
    condition: 'line-3/filler-2/TT-3204',
    state,
    severity: 'critical',
    title: 'Filler 2 bearing hot',
  });

test('an alarm by MQTT is one task, also when Node-RED starts again and the broker repeats it; words without JSON are kept', async (ctx) => {
  const folder = mkdtempSync(join(tmpdir(), 'operary-node-red-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const broker = await orSkip(ctx, mosquitto(folder));
  const leeds = await leedsWorks(new Date().toISOString());
  closing.push(() => leeds.close());
  const { admin, priya } = leeds.plant;
  const { id, token } = await admin.post<{ id: string; token: string }>('/v1/integrations', {
    kind: 'node-red',
    name: 'Packaging gateway',
    area: PACKAGING,
  });
  const flow = { broker: broker.port, topic: 'plant/#', nodes: flowTo(`${leeds.plant.url}/v1/ingest/${id}`, token) };
  const first = await orSkip(ctx, nodeRed(folder, flow));
  const tasks = async () => {
    await leeds.settled();
    return listed<Task>(priya, '/v1/tasks');
  };

  await broker.publish('plant/line-3/alarm', said('active', 'plc-1'), 'retained');
  await until('the task', async () => ((await tasks()).length ? true : undefined));
  await first.stop('SIGKILL');
  await orSkip(ctx, nodeRed(folder, flow));
  await pause(2000);
  expect(await tasks()).toMatchObject([{ title: 'Filler 2 bearing hot', area: PACKAGING, priority: 'P1' }]);

  await broker.publish('plant/line-3/alarm', said('cleared', 'plc-2'), 'retained');
  const quiet = await until('the clear', async () => {
    const [alarm] = await listed<Alarm>(priya, '/v1/alarms');
    return alarm!.active ? undefined : alarm;
  });
  expect(quiet).toMatchObject({ activations: 1 });
  const before = (await listed<Delivery>(priya, '/v1/deliveries')).length;
  await broker.publish('plant/line-3/log', 'Guard door 3 opened by hand');
  await until('the words', async () =>
    (await listed<Delivery>(priya, '/v1/deliveries')).length > before ? true : undefined,
  );
  expect((await tasks()).map(({ title }) => title)).toContain('Filler 2 bearing hot');
}, 400_000);
