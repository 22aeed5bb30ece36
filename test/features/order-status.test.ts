/** The way back: whoever ordered work hears what became of it, in order, at least once, and whatever is down meanwhile. */
import type { Logger } from 'pino';
import { describe, expect, test } from 'vitest';
import { memoryCursors, type Cursors } from '../../server/followers/cursors.ts';
import { followTellings, type Means, type Teller } from '../../server/followers/order-status.ts';
import { memorySecrets } from '../../server/host/secrets.ts';
import { NotSent, type Outgoing } from '../../server/outbound/post.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import { secretName } from '../../shared/kernel/connection.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { integration, task } from '../kit/ask.ts';
import { aPlant, tasks } from '../kit/at-the-plant.ts';
import { connected, ORDER, push } from '../kit/erp.ts';
import { aNightShift } from '../kit/given.ts';
import { engine, marek, ORG, root } from '../kit/people.ts';
import type { Plant } from '../kit/plant.ts';

const URL = 'https://erp.example/status';
const it = integration('erp');
const quiet = { warn: () => undefined, error: () => undefined } as unknown as Logger;

interface FarEnd {
  readonly heard: Outgoing[];
  readonly waits: number[];
  readonly teller: Teller;
  /** What the next requests are answered with; a 0 is no answer. After them 200. */
  readonly answers: number[];
  /** Ends the wait that goes on. */
  goOn(): void;
}

async function farEnd(plant: Plant, cursors: Cursors = memoryCursors(), more: Partial<Means> = {}): Promise<FarEnd> {
  const heard: Outgoing[] = [];
  const waits: number[] = [];
  const answers: number[] = [];
  let goOn: () => void = () => undefined;
  const teller = await followTellings({
    ...{ ledger: plant.ledger, register: plant.register, cursors, secrets: memorySecrets(), log: quiet },
    ...{ now: () => Date.parse(plant.now()), chance: () => 0.5 },
    post: (request) => {
      heard.push(request);
      const status = answers.shift() ?? 200;
      if (!status) return Promise.reject(new NotSent('erp.example: nobody listens there.'));
      return Promise.resolve({ status, body: '', retryAfter: undefined });
    },
    wait: (milliseconds, signal) => {
      waits.push(milliseconds);
      return new Promise<void>((resolve, reject) => {
        goOn = resolve;
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
    ...more,
  });
  return { heard, waits, answers, teller, goOn: () => goOn() };
}

const said = ({ heard }: FarEnd) => heard.map(({ body }) => (JSON.parse(body) as { status: string }).status);
const anErp = async (): Promise<Plant> => {
  const plant = await aPlant(connected, aNightShift(), it.connect({ statusUrl: URL }).by(root));
  await push(plant, 'released', { priority: 3 });
  return plant;
};
async function work(plant: Plant, ...verbs: ('acknowledge' | 'start' | 'resume')[]): Promise<void> {
  const [only] = await tasks(plant);
  for (const verb of verbs) await plant.run(task(only!.key)[verb]().by(marek));
}
const hold = async (plant: Plant): Promise<unknown> =>
  plant.run(
    task((await tasks(plant))[0]!.key)
      .hold({ reasonCode: 'waiting_parts' })
      .by(marek),
  );
const faults = async (plant: Plant) => (await plant.state<IntegrationState>(it)).faults;

describe('told', () => {
  test('a status is posted once, with the order, the task and a key of its own', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    await work(plant, 'acknowledge', 'start');
    await far.teller.settled();
    const [event] = (await plant.events()).filter(({ type }) => type === 'order.status_reported');
    expect(far.heard).toHaveLength(1);
    expect(far.heard[0]).toMatchObject({
      url: URL,
      headers: { 'content-type': 'application/json', 'idempotency-key': event!.id },
    });
    expect(JSON.parse(far.heard[0]!.body)).toEqual({
      orderId: ORDER.orderId,
      status: 'in_progress',
      task: (await tasks(plant))[0]!.key,
      at: event!.occurredAt,
    });
    expect(far.heard[0]!.headers).not.toHaveProperty('authorization');
    await far.teller.close();
  });
  test('the secret goes along, and stands in no event', async () => {
    const plant = await anErp();
    const secrets = memorySecrets();
    const key = uuidV7(0, plant.random(10));
    secrets.put(ORG, it.id, secretName('status', key), 'Bearer hunter2');
    await plant.run(it.keepSecret({ what: 'status', key }).by(root));
    const far = await farEnd(plant, memoryCursors(), { secrets });
    await work(plant, 'acknowledge', 'start');
    await far.teller.settled();
    expect(far.heard[0]!.headers).toMatchObject({ authorization: 'Bearer hunter2' });
    expect(JSON.stringify(await plant.events())).not.toContain('hunter2');
    await far.teller.close();
  });
  test('what happened before there was somebody to tell is not told', async () => {
    const plant = await aPlant(connected, aNightShift());
    await push(plant, 'released', { priority: 3 });
    await work(plant, 'acknowledge', 'start');
    await plant.run(it.connect({ statusUrl: URL }).by(root));
    const far = await farEnd(plant);
    await hold(plant);
    await far.teller.settled();
    expect(said(far)).toEqual(['on_hold']);
    await far.teller.close();
  });
  test('nobody is told once the address is taken away, or the integration is retired', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    await plant.run(it.connect({ statusUrl: null }).by(root));
    await work(plant, 'acknowledge', 'start');
    await plant.run(it.connect({ statusUrl: URL }).by(root), it.retire().by(root));
    await hold(plant);
    await far.teller.settled();
    expect(far.heard).toEqual([]);
    await far.teller.close();
  });
});

describe('the far end is down', () => {
  test('each attempt waits longer, in order and under the same key, until it is taken', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    far.answers.push(503, 0, 429);
    await work(plant, 'acknowledge', 'start');
    await hold(plant);
    await far.teller.settled();
    for (let n = 0; n < 3; n++) {
      far.goOn();
      await far.teller.settled();
    }
    expect(said(far)).toEqual(['in_progress', 'in_progress', 'in_progress', 'in_progress', 'on_hold']);
    const keys = far.heard.map(({ headers }) => headers!['idempotency-key']);
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(keys[4]).not.toBe(keys[0]);
    expect(far.waits).toEqual([5_000, 300_000, 1_800_000]);
    await far.teller.close();
  });
  test('after five failures the integration says so, once; and that it works again', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    far.answers.push(...Array<number>(7).fill(0));
    await work(plant, 'acknowledge', 'start');
    for (let n = 0; n < 7; n++) {
      await far.teller.settled();
      expect((await faults(plant)).status).toEqual(
        n < 4 ? null : { detail: 'erp.example: nobody listens there.', since: plant.now() },
      );
      far.goOn();
    }
    await far.teller.settled();
    expect((await faults(plant)).status).toBeNull();
    const types = (await plant.history(it)).map(({ type }) => type);
    expect(types.filter((type) => /fault|recover/.test(type))).toEqual([
      'integration.faulted',
      'integration.recovered',
    ]);
    await far.teller.close();
  });
  test('it is tried for ever: nothing is lost after the last rung of the ladder', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    far.answers.push(...Array<number>(14).fill(500));
    await work(plant, 'acknowledge', 'start');
    for (let n = 0; n < 14; n++) {
      await far.teller.settled();
      far.goOn();
    }
    await far.teller.settled();
    expect(far.heard).toHaveLength(15);
    expect(far.waits.slice(-3)).toEqual([86_400_000, 86_400_000, 86_400_000]);
    await far.teller.close();
  });
  test('a message that is refused for good holds up none of those behind it, and the integration names it', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    far.answers.push(422);
    await work(plant, 'acknowledge', 'start');
    await far.teller.settled();
    expect((await faults(plant)).status!.detail).toBe(
      'A message was refused and is not sent again: 4001234 in_progress. It was answered with 422.',
    );
    await hold(plant);
    await far.teller.settled();
    expect(said(far)).toEqual(['in_progress', 'on_hold']);
    expect(far.waits).toEqual([]);
    await far.teller.close();
  });
  test('another address is tried at once; a fault that is recorded meanwhile is no reason to', async () => {
    const plant = await anErp();
    const far = await farEnd(plant);
    far.answers.push(500);
    await work(plant, 'acknowledge', 'start');
    await far.teller.settled();
    await plant.run(it.noteFault({ what: 'pull', detail: 'Something else.' }).by(engine));
    await far.teller.settled();
    expect(far.heard).toHaveLength(1);
    await plant.run(it.connect({ statusUrl: 'https://erp.example/new' }).by(root));
    await far.teller.settled();
    expect(far.heard.map(({ url }) => url)).toEqual([URL, 'https://erp.example/new']);
    await far.teller.close();
  });
  test('[L4] stopped and started again, it goes on where it was', async () => {
    const plant = await anErp();
    const cursors = memoryCursors();
    const first = await farEnd(plant, cursors);
    await work(plant, 'acknowledge', 'start');
    await first.teller.settled();
    first.answers.push(500);
    await hold(plant);
    await first.teller.settled();
    await first.teller.close();
    await work(plant, 'resume');
    const second = await farEnd(plant, cursors);
    await second.teller.settled();
    expect(said(first)).toEqual(['in_progress', 'on_hold']);
    expect(said(second)).toEqual(['on_hold', 'in_progress']);
    await second.teller.close();
  });
});

test('[L14] another system is told of its own orders only', async () => {
  const other = integration('other');
  const plant = await anErp();
  await plant.run(
    other.create({ kind: 'mes', name: 'Other' }, { minted: { tokenHash: 'd'.repeat(64) } }).by(root),
    other.connect({ statusUrl: 'https://other.example' }).by(root),
  );
  const far = await farEnd(plant);
  await work(plant, 'acknowledge', 'start');
  await far.teller.settled();
  expect(far.heard.map(({ url }) => url)).toEqual([URL]);
  await far.teller.close();
});
